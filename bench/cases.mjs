// Under which conditions every variant is visited, and how often.

export const NETS = {
  none: { title: "no throttle" },
  cable: { title: "9 Mbit/s, 60 ms", megabits: 9, latency: 60 },
  slow: { title: "1.6 Mbit/s, 150 ms", megabits: 1.6, latency: 150 },
};

/** The factor by which the browser slows down the main thread. */
const SLOW_CPU = 4;

/** Milliseconds before the API answers. */
const DELAYS = [0, 200, 800];

const onNetwork = (net, delay, rounds) => ({
  name: `${net}-${delay}`,
  net: net === "none" ? undefined : NETS[net],
  delay,
  rounds,
  // Memory depends on what is loaded and not on how fast it arrives.
  thorough: net === "none" && delay === 200,
});

const onSlowCpu = (delay, rounds) => ({ name: `cpu-${delay}`, cpu: SLOW_CPU, delay, rounds, thorough: delay === 200 });

const warm = (net, rounds) => ({ ...onNetwork(net, 200, rounds), name: `warm-${net}`, warm: true, thorough: false });

const many = (rounds) => ({ name: "many", cards: 20, delay: 200, rounds });

/** Most targets are for an API that answers after 200 ms, which is measured in more rounds. */
const roundsOf = (delay) => (delay === 200 ? 9 : 3);

const full = () => [
  ...Object.keys(NETS).flatMap((net) => DELAYS.map((delay) => onNetwork(net, delay, roundsOf(delay)))),
  ...DELAYS.map((delay) => onSlowCpu(delay, roundsOf(delay))),
  warm("none", 3),
  warm("slow", 3),
  many(5),
];

const quick = () => [
  ...Object.keys(NETS).map((net) => onNetwork(net, 200, 3)),
  onSlowCpu(200, 3),
  warm("none", 2),
  many(2),
];

export const casesOf = (isQuick) => (isQuick ? quick() : full());

/** Refreshes of each kind. */
export const refreshesOf = (isQuick) => (isQuick ? 5 : 7);

/** Whether a variant is measured under these conditions. */
export function applies(variant, { cards = 1, delay }) {
  if (variant.single && cards > 1) return false;
  return !variant.delays || variant.delays.includes(delay);
}
