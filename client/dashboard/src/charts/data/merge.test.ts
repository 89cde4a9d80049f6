import { expect, test } from "vitest";
import type { Curve } from "../../api/curves";
import { merged, shortened } from "./merge";

type Entry = readonly [start: number, end: number, last: number, min: number, max: number];

function buckets(...entries: Entry[]): Curve {
  const column = (at: number) => Float64Array.from(entries.map((entry) => entry[at] ?? 0));
  const isExact = entries.every(([start, end]) => start === end);
  return {
    ...{ run: "r", key: "k", exact: isExact },
    ...{ start: column(0), end: column(1), last: column(2), min: column(3), max: column(4) },
  };
}

function points(...pairs: (readonly [x: number, value: number])[]): Curve {
  return buckets(...pairs.map(([x, value]): Entry => [x, x, value, value, value]));
}

function entries(curve: Curve): Entry[] {
  return [...curve.start].map((start, at) => [
    start,
    ...([curve.end[at], curve.last[at], curve.min[at], curve.max[at]] as [number, number, number, number]),
  ]);
}

const xs = (curve: Curve) => [...curve.start];

test("new points come after those that are there", () => {
  const both = merged(points([0, 1], [1, 2]), points([2, 3]));

  expect([xs(both), [...both.last], both.exact]).toEqual([[0, 1, 2], [1, 2, 3], true]);
});

test("a point that comes again is there once", () => {
  expect(xs(merged(points([0, 1], [1, 2]), points([1, 2], [2, 3])))).toEqual([0, 1, 2]);
  expect(xs(merged(points([0, Number.NaN]), points([0, Number.NaN])))).toEqual([0]);
});

test("points of one place with other values all stay, and come again once", () => {
  const both = merged(points([0, 1], [0, 2], [1, 5]), points([0, 1], [0, 3]));

  expect([xs(both), [...both.last].sort()]).toEqual([
    [0, 0, 0, 1],
    [1, 2, 3, 5],
  ]);
});

test("points that were late are put in their place", () => {
  expect(xs(merged(points([0, 1], [5, 2]), points([3, 9])))).toEqual([0, 3, 5]);
});

test("a point within a bucket joins it", () => {
  const both = merged(buckets([0, 9, 1, 0.5, 2], [10, 19, 3, 3, 4]), points([5, 7], [19, -1], [20, 8]));

  expect(entries(both)).toEqual([
    [0, 9, 1, 0.5, 7],
    [10, 19, -1, -1, 4],
    [20, 20, 8, 8, 8],
  ]);
});

test("buckets that overlap become one", () => {
  const both = merged(buckets([0, 9, 1, 0, 2]), buckets([8, 15, 4, -3, 4]));

  expect(entries(both)).toEqual([[0, 15, 4, -3, 4]]);
});

test("buckets that overlap by their nature, as those along the time, stay apart", () => {
  const along = buckets([0, 9, 1, 0, 2], [0, 9, 3, 3, 4]);

  expect(entries(merged(along, buckets([0, 9, 5, 5, 5]))).length).toBe(3);
});

test("nothing new changes nothing", () => {
  const before = points([0, 1]);

  expect(merged(before, points())).toBe(before);
  expect(xs(merged(points(), before))).toEqual([0]);
});

test("a curve that is shortened keeps its ends and extremes", () => {
  const long = points(
    ...Array.from({ length: 1_000 }, (_, x) => [x, x === 500 ? 99 : x === 501 ? Number.NaN : 1] as const),
  );

  const short = shortened(long, 100);

  expect(short.start.length).toBe(100);
  expect([short.start[0], short.end.at(-1), Math.max(...short.max), Math.min(...short.min)]).toEqual([0, 999, 99, 1]);
  expect(shortened(short, 100)).toBe(short);
});
