// The address of this page sets how its card looks. Whoever frames or links to it chooses the address,
// so nothing in it can name another server or put words of others on this one.

const ATTRIBUTES = [
  "credit-limit",
  "critical-days",
  "critical-threshold",
  "locale",
  "low-days",
  "low-threshold",
  "no-refresh",
  "no-top-up",
  "no-trend",
  "refresh-interval",
  "theme",
  "variant",
];

const card = document.querySelector("airalo-balance");

for (const [name, value] of new URLSearchParams(location.search)) {
  if (ATTRIBUTES.includes(name)) card.setAttribute(name, value);
  else console.warn(`?${name}= was ignored; these are read: ${ATTRIBUTES.join(", ")}`);
}
