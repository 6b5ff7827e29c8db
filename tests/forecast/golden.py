"""Writes golden.json beside this file: series of balances and what docs/forecast.md makes of them.

    python3 tests/forecast/golden.py

It follows the formulas of that page and shares nothing with the Rust code: sums of cents are exact
fractions, integrals are closed, equations are solved by bisection. Only the standard library is used.
"""

import json
import math
import random
from fractions import Fraction
from pathlib import Path

DAY = 86_400
HOUR = 3_600
MONDAY = 1_772_409_600  # 2026-03-02T00:00:00Z
TAU = 7
Z = 1.645


# The forecast


def longest_rising(samples):
    """The largest choice of samples whose times rise; the later one of two choices of one size."""
    best = []  # for each sample, the longest choice that ends with it
    for index, (at, _) in enumerate(samples):
        before = [best[i] for i in range(index) if samples[i][0] < at]
        best.append((max(before, key=lambda c: (len(c), c)) if before else []) + [index])
    return [samples[i] for i in max(best, key=lambda c: (len(c), c))] if best else []


def in_order(samples):
    rises = all(a[0] < b[0] for a, b in zip(samples, samples[1:]))
    return samples if rises else longest_rising(samples)


def fell(samples):
    """(start, end, balance at the start, cost) of each interval without a rise."""
    pairs = zip(samples, samples[1:])
    return [(s, e, before, before - after) for (s, before), (e, after) in pairs if after <= before]


def credits(samples):
    samples = in_order(samples)
    return [(e, after - before) for (_, before), (e, after) in zip(samples, samples[1:]) if after > before]


def use_of_days(intervals):
    """{day: [cost in cents, seconds]}; each interval is cut at midnight, in whole cents."""
    days = {}
    for start, end, _, cost in intervals:
        midnights = range((start // DAY + 1) * DAY, end, DAY)
        cuts = [start, *midnights, end]
        costs = [math.floor(Fraction(cost * 100) * (cut - start) / (end - start)) for cut in cuts]
        for (a, b), (c, d) in zip(zip(cuts, cuts[1:]), zip(costs, costs[1:])):
            day = days.setdefault(a // DAY, [0, 0])
            day[0] += d - c
            day[1] += b - a
    return days


def mean(values):
    return sum(values) / len(values)


def weekdays(known):
    """The weight of each weekday and the variance of a day, from [(day, use)]."""
    groups = {w: [u for day, u in known if day % 7 == w] for w in range(7)}
    n = len(known)
    flat = dict.fromkeys(range(7), 1.0)
    if n >= 21 and all(len(group) >= 2 for group in groups.values()):
        means = {w: mean(group) for w, group in groups.items()}
        m = mean(means.values())
        between = sum(len(groups[w]) * (means[w] - m) ** 2 for w in groups) / 6
        within = sum((u - means[day % 7]) ** 2 for day, u in known) / (n - 7)
        t = max(0, 1 - within / between) if between > 0 else 0
        f = {w: 1 + t * (means[w] / m - 1) for w in means} if m > 0 else flat
        return f, sum((u - m * f[day % 7]) ** 2 for day, u in known) / (n - 1 - 6 * t)
    if n >= 14:
        m = mean([u for _, u in known])
        return flat, sum((u - m) ** 2 for _, u in known) / (n - 1)
    return flat, None


def integral(young, old, tau):
    """Of exp(-a/tau), over ages in days."""
    return tau * (math.exp(-young / tau) - math.exp(-old / tau))


def bisect(is_beyond, low, high):
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if is_beyond(middle) else (middle, high)
    return high


def forecast(samples, now):
    today = now // DAY
    samples = in_order([s for s in samples if (today - 28) * DAY <= s[0] <= now])
    intervals = [i for i in fell(samples) if i[2] > 0]
    if sum(e - s for s, e, _, _ in intervals) < DAY or now - samples[-1][0] > DAY:
        return None
    if all(cost == 0 for _, _, _, cost in intervals):
        return None
    end, balance = samples[-1][0], float(samples[-1][1])

    days = use_of_days(intervals).items()
    known = [(day, cost / 100 * DAY / seconds) for day, (cost, seconds) in days if day < today and seconds >= DAY / 2]
    f, v = weekdays(known)
    if v is None:
        v = sum(float(cost) ** 2 for *_, cost in intervals) / sum((e - s) / DAY for s, e, _, _ in intervals)

    def weighted(start, stop, tau):
        """The integral of f·exp(-a/tau)."""
        cuts = [start, *range((start // DAY + 1) * DAY, stop, DAY), stop]
        parts = zip(cuts, cuts[1:])
        return sum(f[a // DAY % 7] * integral((end - b) / DAY, (end - a) / DAY, tau) for a, b in parts)

    numerator = sum(
        float(cost) * DAY / (e - s) * integral((end - e) / DAY, (end - s) / DAY, TAU) for s, e, _, cost in intervals
    )
    denominator = sum(weighted(s, e, TAU) for s, e, _, _ in intervals)
    r = numerator / denominator
    d = denominator**2 / sum(weighted(s, e, TAU / 2) for s, e, _, _ in intervals)

    def spent_by(days):
        """The average days that are over after so many days from the last sample on."""
        stop = end + days * DAY
        midnights = [m for m in range((end // DAY + 1) * DAY, end + 200 * DAY, DAY) if m < stop]
        cuts = [end, *midnights, stop]
        return sum(f[a // DAY % 7] * (b - a) / DAY for a, b in zip(cuts, cuts[1:]))

    def days_left(h):
        if h is None or spent_by(150) < h:
            return None
        days = bisect(lambda days: spent_by(days) >= h, 0, 150) if h > 0 else 0
        days = max(0, days - (now - end) / DAY)
        return days if days <= 90 + 1e-6 else None

    def deviation(h):
        return (r * h - balance) ** 2 - Z**2 * v * (h + h * h / d)

    low = middle = high = 0
    if balance > 0:
        low = middle = high = balance / r
        if v > 1e-12:
            low = bisect(lambda h: deviation(h) <= 0, 0, middle)
            high = bisect(lambda h: deviation(h) >= 0, middle, 1e9) if r * r > Z * Z * v / d else None
    exact = [days_left(h) for h in (low, middle, high)]
    low, middle, high = exact
    return {
        "spent_per_day": round(r, 6),
        "exact": [None if days is None else round(days, 6) for days in exact],
        "days_left": [
            90 if low is None else math.floor(low + 1e-6),
            None if middle is None else math.floor(middle + 0.5),
            None if high is None else math.ceil(high - 1e-6),
        ],
        "runs_out": None if middle is None else math.floor(now + middle * DAY + 0.5) // DAY,
        "since": samples[0][0],
    }


# The series


class Series:
    """A balance that is read at regular times, unless it is not."""

    def __init__(self, balance, start=MONDAY):
        self.balance, self.time, self.samples = Fraction(balance), start, []
        self.read()

    def read(self):
        self.samples.append((self.time, self.balance))

    def days(self, count, cost, step=4 * HOUR, reading=True):
        """`cost` is what a step costs, or a function of its time."""
        for _ in range(round(count * DAY / step)):
            self.balance -= Fraction(cost(self.time) if callable(cost) else cost)
            self.time += step
            if reading:
                self.read()
        return self

    def add(self, amount, reading=True):
        self.balance += Fraction(amount)
        if reading:
            self.time += 60
            self.read()
            self.time -= 60
        return self


def weekly(weights):
    return lambda time: Fraction(weights[(time - MONDAY) // DAY % 7])


def lumpy(seed):
    orders = random.Random(seed)
    return lambda _: sum(Fraction(orders.choice([450, 900, 1350, 2600]), 100) for _ in range(orders.randrange(4)))


def cases():
    week = ["6.5", "6.5", "6.5", "6.5", "9", "2", "1"]

    yield "steady", "5 a step of 4 hours, for 30 days", Series(1300).days(30, 5)
    yield "steady for ten days", "too few days for their spread", Series(1000).days(10.5, "4.25")
    yield "steady for 16 days", "enough days for their spread, too few for weekdays", Series(3000).days(16, lumpy(3))
    yield "weekly season", "five busy days and a quiet weekend, asked on a Friday evening", (
        Series(1300).days(25 + 5 / 6, weekly(week))
    )
    yield "weekly season with lumpy orders", "half chance and half weekday", (
        Series(20000).days(30.5, lambda time, cost=lumpy(5): cost(time) * (3 if (time - MONDAY) // DAY % 7 < 5 else 1))
    )
    yield "lumpy orders", "no difference between weekdays but by chance", Series(4800).days(27.25, lumpy(8))
    yield "quiet", "one order in four weeks: the middle is far away and the high end open", (
        Series(40).days(20, 0).days(1 / 6, 9).days(5, 0)
    )
    yield "more than 90 days", "1200 at 12 a day", Series(1500).days(25, 2)
    yield "top-up", "three top-ups in a saw-tooth", (
        Series(210).days(6, 5).add(190).days(6.5, 5).add("200.01").days(7, 5).add(220).days(5, 5)
    )
    gap = Series(310).days(8, 5)
    gap.days(3, 5, reading=False).add(400, reading=False).days(1 / 6, 5)
    yield "top-up inside a gap", "three days without readings, with a top-up in them", gap.days(7, 5)
    yield "refund", "one order is paid back", Series(1000).days(12, "5.5").add("49.99").days(5.5, "5.5")
    yield "zero use", "nothing was spent", Series(500).days(28, 0)
    yield "no credit", "it ran out two days ago", Series(300).days(10, 5).days(2, 0)
    yield "topped up after days without credit", "the days at zero are no quiet days", (
        Series(300).days(10, 5).days(3, 0).add(250).days(1.5, 5)
    )
    yield "restart", "no readings for a day and a half", (
        Series(800).days(9, 5).days(1.5, 5, reading=False).days(8, 5)
    )
    ahead = Series(700).days(12, 5)
    now = ahead.time
    ahead.samples += [(now + 40 * DAY + n * HOUR, ahead.balance) for n in range(3)]
    ahead.days(1, 5)
    behind = ahead.time
    ahead.samples += [(behind - 300 * DAY + n * HOUR, ahead.balance) for n in range(3)]
    ahead.samples.append(ahead.samples[-4])
    yield "clock jump", "a clock that was forty days ahead, then three hundred behind", ahead.days(2, 5)
    yield "clock jump within the window", "ten readings are five days behind, one time comes twice", (
        jump_within(Series(900).days(15, 5))
    )
    berlin = lambda time: 8 if 8 <= ((time + (2 if time >= 1_774_746_000 else 1) * HOUR) % DAY) / HOUR < 20 else 0
    yield "daylight saving", "orders by day in Berlin, where the clocks change on 29 March 2026", (
        Series(2600, MONDAY + 7 * DAY).days(28, berlin, step=2 * HOUR)
    )
    yield "a day of data", "exactly 24 hours", Series(200).days(1, 5)
    yield "short data", "one step less than 24 hours", Series(200).days(5 / 6, 5)
    yield "one sample", "nothing to compare", Series(200)
    yield "below zero", "an invoiced partner", Series(-50).days(20, 5)


def jump_within(series):
    time = series.time
    for n in range(10):
        series.time = time - 5 * DAY + n * HOUR
        series.balance -= 1
        series.read()
    series.time = time
    series.samples.append((time, series.balance))
    return series.days(3, 5)


def text(amount):
    """As a decimal number; all amounts have at most two decimals."""
    assert (amount * 100).denominator == 1
    cents = abs(int(amount * 100))
    return f"{'-' if amount < 0 else ''}{cents // 100}.{cents % 100:02}"


def case(name, about, samples, now):
    found = forecast(samples, now)
    for days in (found or {}).get("exact", []):
        # On the edge of another whole day, two correct programs may differ.
        edge = min(abs(days % 0.5), abs(days % 0.5 - 0.5)) if days else 1
        assert edge == 0 or edge > 1e-4 or edge < 1e-7, (name, days)
    ordered = in_order(samples)
    days = use_of_days(fell(ordered))
    return {
        "name": name,
        "about": about,
        "now": now,
        "samples": [[at, text(balance)] for at, balance in samples],
        "credits": [[at, text(amount)] for at, amount in credits(samples)],
        "days": [[day, text(Fraction(cost, 100))] for day, (cost, _) in sorted(days.items())],
        "forecast": found,
    }


def all_cases():
    for name, about, series in cases():
        now = max(series.time, series.samples[0][0]) + 5 * 60
        yield case(name, about, series.samples, now)
    # A balance in dollars, then one in euros: whoever asks passes the samples after the change.
    euros = Series("180.40", MONDAY + 11 * DAY).days(4, "2.50")
    yield case("currency change", "the samples before the change are of another currency", euros.samples, euros.time)
    stale = Series(600).days(12, 5)
    yield case("stale for 23 hours", "what was spent since is guessed", stale.samples, stale.time + 23 * HOUR)
    yield case("stale for 25 hours", "nothing is said", stale.samples, stale.time + 25 * HOUR)


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in all_cases())
    Path(__file__).with_name("golden.json").write_text(f"[\n{lines}\n]\n")
