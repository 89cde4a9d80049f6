// What part of curves is seen, and how its values spread.

import type { Curve } from "../../api/curves";
import { smoothed } from "../data/smooth";

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Looks {
  readonly isLogX: boolean;
  readonly isLogY: boolean;
  /** The weight of what was before, 0 to below 1. */
  readonly smoothing: number;
}

/** A curve as it is drawn: each value stands at the end of its bucket. */
export interface Line {
  readonly id: string;
  readonly label: string;
  /** Which of the theme's colours. */
  readonly colour: number;
  readonly curve: Curve;
  /** The last values, smoothed or not. */
  readonly values: Float64Array;
  readonly isSmoothed: boolean;
}

export interface Labelled {
  readonly id: string;
  readonly label: string;
  readonly colour: number;
  readonly curve: Curve;
}

/** A curve's line is prepared once for each smoothing, as long as the curve stays the same object. */
export function prepared(shown: readonly Labelled[], smoothing: number, before: readonly Line[] = []): Line[] {
  const known = new Map(before.map((line) => [line.id, line]));
  return shown.map((each) => {
    const old = known.get(each.id);
    const isSame = old?.curve === each.curve && old.isSmoothed === smoothing > 0;
    const values = isSame && smoothing === 0 ? old.values : smoothed(each.curve.last, smoothing);
    return { ...each, values, isSmoothed: smoothing > 0 };
  });
}

/** From the first to the last place of all lines. */
export function extent(lines: readonly Line[], isLog: boolean): Range | undefined {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { curve } of lines) {
    const first = isLog ? curve.start.findIndex((place) => place > 0) : 0;
    const start = curve.start[first];
    if (start === undefined) continue;
    from = Math.min(from, start);
    to = Math.max(to, curve.end.at(-1) ?? start, start);
  }
  if (!(to >= from)) return undefined;
  // One place is shown in the middle.
  return to > from ? { from, to } : { from: from - 0.5, to: to + 0.5 };
}

/** The entries that are drawn in a range: those in it, and a neighbour on either side. */
export function within({ end }: Curve, { from, to }: Range): readonly [first: number, past: number] {
  return [Math.max(atOrAfter(end, from) - 1, 0), Math.min(atOrAfter(end, to) + 2, end.length)];
}

/** The place of the first number that is not below a value. */
export function atOrAfter(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The values in a range of x, with some room; undefined if none of them is a number that can be shown. */
export function spread(lines: readonly Line[], range: Range, isLog: boolean): Range | undefined {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const see = (value: number | undefined) => {
    if (value === undefined || !Number.isFinite(value) || (isLog && value <= 0)) return;
    if (value < from) from = value;
    if (value > to) to = value;
  };
  for (const { curve, values, isSmoothed } of lines) {
    const first = atOrAfter(curve.end, range.from);
    for (let at = first; at < curve.start.length && (curve.start[at] ?? 0) <= range.to; at++) {
      see(values[at]);
      see(isSmoothed ? curve.last[at] : curve.min[at]);
      if (!isSmoothed) see(curve.max[at]);
    }
  }
  if (!(to >= from)) return undefined;
  return isLog ? roomOfLog(from, to) : room(from, to);
}

function room(from: number, to: number): Range {
  const margin = (to - from) * 0.05 || Math.abs(from) * 0.1 || 1;
  return { from: from - margin, to: to + margin };
}

function roomOfLog(from: number, to: number): Range {
  const margin = from === to ? 2 : (to / from) ** 0.05;
  return { from: from / margin, to: to * margin };
}

/** The entry of a line that is nearest to a place; undefined where the line is far from it. */
export function nearest({ curve }: Line, place: number, range: Range): number | undefined {
  const { start, end } = curve;
  const after = atOrAfter(end, place);
  const candidates = [after - 1, after].filter((at) => at >= 0 && at < end.length);
  const distance = (at: number) => Math.max((start[at] ?? 0) - place, place - (end[at] ?? 0), 0);
  const [best] = candidates.sort((one, other) => distance(one) - distance(other));
  if (best === undefined || distance(best) > (range.to - range.from) * 0.05) return undefined;
  return best;
}

/** A range moved and stretched within its bounds: `by` is a part of its length, `factor` below 1 shows less. */
export function moved(range: Range, bounds: Range, by: number, factor = 1, around = 0.5): Range {
  const length = range.to - range.from;
  const wanted = Math.min(length * factor, bounds.to - bounds.from);
  const anchor = range.from + length * around;
  const start = anchor - wanted * around + length * by;
  const from = Math.min(Math.max(start, bounds.from), bounds.to - wanted);
  return { from, to: from + wanted };
}

/** Whether a logarithmic axis leaves values out: zero and what is below it. */
export function leavesOut(lines: readonly Line[], isLogY: boolean): boolean {
  return isLogY && lines.some(({ curve }) => curve.min.some((value) => value <= 0));
}
