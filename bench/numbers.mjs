// The arithmetic of the bench, which has to be right without a browser to show it.

/** The middle of the values, or halfway between the two in the middle. */
export function median(values) {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median between the lowest and the highest value: few values have no quartiles worth the name. */
export const spread = (values) => ({ median: median(values), low: Math.min(...values), high: Math.max(...values) });

/** How the medians of two series compare. */
export const ratio = (values, others) => median(values) / median(others);

/** The same things in an order that nobody has chosen. */
export function shuffled(things, random = Math.random) {
  const order = [...things];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** The same things in the same order, beginning at another one. */
export const rotated = (things, by) => [...things.slice(by % things.length), ...things.slice(0, by % things.length)];
