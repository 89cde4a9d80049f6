// Curves as sets: what came later joins what is there, and long ones are made shorter.

import type { Curve } from "../../api/curves";

/** A curve under construction, in plain arrays. */
class Building {
  readonly start: number[] = [];
  readonly end: number[] = [];
  readonly last: number[] = [];
  readonly min: number[] = [];
  readonly max: number[] = [];

  add(curve: Curve, at: number): void {
    this.start.push(curve.start[at] ?? Number.NaN);
    this.end.push(curve.end[at] ?? Number.NaN);
    this.last.push(curve.last[at] ?? Number.NaN);
    this.min.push(curve.min[at] ?? Number.NaN);
    this.max.push(curve.max[at] ?? Number.NaN);
  }

  /** Let the entry that was added last hold another one, too. */
  join(curve: Curve, at: number): void {
    const own = this.start.length - 1;
    const end = curve.end[at] ?? Number.NaN;
    if (end >= (this.end[own] ?? end)) {
      this.end[own] = end;
      this.last[own] = curve.last[at] ?? Number.NaN;
    }
    this.start[own] = Math.min(this.start[own] ?? Number.NaN, curve.start[at] ?? Number.NaN);
    this.min[own] = lower(this.min[own] ?? Number.NaN, curve.min[at] ?? Number.NaN);
    this.max[own] = upper(this.max[own] ?? Number.NaN, curve.max[at] ?? Number.NaN);
  }

  /** Whether an entry lies, in part, within the one that was added last. Points at the same place do not. */
  overlaps(curve: Curve, at: number): boolean {
    const own = this.start.length - 1;
    const [start, end] = [this.start[own] ?? Number.NaN, this.end[own] ?? Number.NaN];
    const other = curve.start[at] ?? Number.NaN;
    const isPoint = start === end && other === curve.end[at];
    return !isPoint && other <= end;
  }

  curve({ run, key }: Curve, exact: boolean): Curve {
    const [start, end, last] = [this.start, this.end, this.last].map((column) => Float64Array.from(column));
    const [min, max] = [this.min, this.max].map((column) => Float64Array.from(column));
    const none = new Float64Array(0);
    return {
      ...{ run, key, exact },
      ...{ start: start ?? none, end: end ?? none, last: last ?? none, min: min ?? none, max: max ?? none },
    };
  }
}

/** Of NaN and a number the number: NaN is an extreme only where all values are. */
function lower(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return Number.isNaN(other) ? one : Math.min(one, other);
}

function upper(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return Number.isNaN(other) ? one : Math.max(one, other);
}

/** What was there and what is new, in the order of x, each point once. */
export function merged(before: Curve, news: Curve): Curve {
  if (news.start.length === 0) return before;
  const isApart = (before.end.at(-1) ?? Number.NEGATIVE_INFINITY) < (news.start[0] ?? Number.NaN);
  if (isApart || before.start.length === 0) return joined(before, news);
  const mayOverlap = overlapsItself(before) || overlapsItself(news);
  const building = new Building();
  const seen = new Set<string>();
  let [left, right] = [0, 0];
  while (left < before.start.length || right < news.start.length) {
    const takesLeft =
      right >= news.start.length || (before.start[left] ?? Number.POSITIVE_INFINITY) <= (news.start[right] ?? 0);
    const from = takesLeft ? before : news;
    const at = takesLeft ? left++ : right++;
    const name = `${from.start[at]} ${from.end[at]} ${from.last[at]} ${from.min[at]} ${from.max[at]}`;
    // Only entries of the same start can be the same.
    if (building.start.at(-1) !== from.start[at]) seen.clear();
    if (seen.has(name)) continue;
    seen.add(name);
    if (building.start.length && !mayOverlap && building.overlaps(from, at)) building.join(from, at);
    else building.add(from, at);
  }
  return building.curve(before, before.exact && news.exact);
}

function overlapsItself({ start, end }: Curve): boolean {
  for (let at = 1; at < start.length; at++) {
    const isBucket = (start[at] ?? 0) !== (end[at] ?? 0) || (start[at - 1] ?? 0) !== (end[at - 1] ?? 0);
    if (isBucket && (start[at] ?? 0) <= (end[at - 1] ?? 0)) return true;
  }
  return false;
}

function joined(one: Curve, other: Curve): Curve {
  const both = (name: "start" | "end" | "last" | "min" | "max") => {
    const column = new Float64Array(one[name].length + other[name].length);
    column.set(one[name]);
    column.set(other[name], one[name].length);
    return column;
  };
  return {
    ...{ run: one.run, key: one.key, exact: one.exact && other.exact },
    ...{ start: both("start"), end: both("end"), last: both("last"), min: both("min"), max: both("max") },
  };
}

/** The curve with at most so many entries: neighbours are merged, and every extreme stays. */
export function shortened(curve: Curve, most: number): Curve {
  const { length } = curve.start;
  if (length <= most) return curve;
  const each = Math.ceil(length / most);
  const building = new Building();
  for (let at = 0; at < length; at++) {
    if (at % each === 0) building.add(curve, at);
    else building.join(curve, at);
  }
  return building.curve(curve, false);
}
