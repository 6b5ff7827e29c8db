// Decimal numbers of attributes and responses, as `src/model/amount.rs` reads and compares them.

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;
const MOST_DECIMALS = 18;

/**
 * The number in units of 10⁻¹⁸; undefined for what is no decimal number or cannot be kept exactly.
 *
 * @param {string} text
 */
export function parseDecimal(text) {
  const [, sign = "", whole, fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const significant = `${whole}${fraction}`.replace(/0+$/, "");
  if (significant.replace(/^0+/, "") === "") return 0n;
  const zeros = whole.length + fraction.length - significant.length;
  const decimals = fraction.length - zeros - Number(exponent);
  // 10¹⁹ is beyond 64 bits.
  if (decimals > MOST_DECIMALS || decimals < -MOST_DECIMALS) return undefined;
  const digits = BigInt(sign + significant) * 10n ** BigInt(Math.max(-decimals, 0));
  if (BigInt.asIntN(64, digits) !== digits) return undefined;
  return digits * 10n ** BigInt(MOST_DECIMALS - Math.max(decimals, 0));
}
