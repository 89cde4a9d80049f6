// Many curves as one: what a group of runs has in common.

import type { Curve } from "../../api/curves";
import { atOrAfter } from "../shape/view";

/** The mean of curves of one metric, with their extremes as a band, at so many places of x. */
export function groupOf(curves: readonly Curve[], points: number): Curve | undefined {
  const [first] = curves;
  if (!first || curves.length === 1) return first;
  const from = Math.min(...curves.map(({ start }) => start[0] ?? Number.POSITIVE_INFINITY));
  const to = Math.max(...curves.map(({ end }) => end.at(-1) ?? Number.NEGATIVE_INFINITY));
  if (!(to >= from)) return undefined;
  const count = to > from ? Math.min(points, to - from + 1) : 1;
  const edges = Float64Array.from({ length: count + 1 }, (_, at) => from + ((to - from) * at) / count);
  const column = () => new Float64Array(count).fill(Number.NaN);
  const made = { last: column(), min: column(), max: column() };
  const members = column();
  for (const curve of curves) addTo(made, members, curve, edges);
  for (let at = 0; at < count; at++) made.last[at] = (made.last[at] ?? 0) / (members[at] ?? 1);
  return { run: first.run, key: first.key, exact: false, start: edges.slice(0, -1), end: edges.slice(1), ...made };
}

interface Columns {
  readonly last: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** A curve counts in each piece of x between its ends; where it has no entry, its value is that of the one before. */
function addTo(made: Columns, members: Float64Array, curve: Curve, edges: Float64Array): void {
  const [begin = 0, finish = 0] = [curve.start[0], curve.end.at(-1)];
  for (let at = 0; at + 1 < edges.length; at++) {
    const [low, high] = [edges[at] ?? 0, edges[at + 1] ?? 0];
    if (high < begin || low > finish) continue;
    const past = Math.max(atOrAfter(curve.end, high + 1e-9), 1);
    const first = Math.min(atOrAfter(curve.end, low), past - 1);
    const value = curve.last[past - 1] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    made.last[at] = (members[at] ? (made.last[at] ?? 0) : 0) + value;
    members[at] = (members[at] || 0) + 1;
    for (let each = first; each < past; each++) {
      const [min = value, max = value] = [curve.min[each], curve.max[each]];
      if (!((made.min[at] ?? Number.NaN) <= min)) made.min[at] = min;
      if (!((made.max[at] ?? Number.NaN) >= max)) made.max[at] = max;
    }
  }
}
