// The arithmetic of the bench, which has tests without a browser.

/** The middle of the values, or halfway between the two in the middle. */
export function median(values) {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median and the extremes; a few values are too few for quartiles. */
export const spread = (values) => ({ median: median(values), low: Math.min(...values), high: Math.max(...values) });

export const ratio = (values, others) => median(values) / median(others);

/** A copy in random order. */
export function shuffled(items, random = Math.random) {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** A copy in the same order that begins further on. */
export const rotated = (items, by) => [...items.slice(by % items.length), ...items.slice(0, by % items.length)];
