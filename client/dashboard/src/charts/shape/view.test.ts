import { expect, test } from "vitest";
import type { Curve } from "../../api/curves";
import { extent, leavesOut, moved, nearest, prepared, spread, within } from "./view";

function curve(xs: readonly number[], values: readonly number[]): Curve {
  const [x, value] = [Float64Array.from(xs), Float64Array.from(values)];
  return { run: "r", key: "k", exact: true, start: x, end: x, last: value, min: value, max: value };
}

function lines(...curves: Curve[]) {
  return prepared(
    curves.map((each, at) => ({ id: `${at}`, label: "", colour: at, curve: each })),
    0,
  );
}

test("the extent is that of all lines", () => {
  expect(extent(lines(curve([0, 9], [1, 1]), curve([5, 12], [1, 1])), false)).toEqual({ from: 0, to: 12 });
  expect(extent(lines(curve([7], [1])), false)).toEqual({ from: 6.5, to: 7.5 });
  expect(extent(lines(curve([], [])), false)).toBeUndefined();
  expect(extent(lines(curve([-1, 0, 4, 9], [1, 1, 1, 1])), true)).toEqual({ from: 4, to: 9 });
});

test("values spread over what is seen, without those that cannot be shown", () => {
  const line = lines(curve([0, 1, 2, 3], [Number.NaN, 10, Number.POSITIVE_INFINITY, -10]));

  expect(spread(line, { from: 0, to: 3 }, false)).toEqual({ from: -11, to: 11 });
  expect(spread(line, { from: 2, to: 3 }, false)).toEqual({ from: -11, to: -9 });
  expect(spread(line, { from: 0, to: 3 }, true)).toEqual({ from: 5, to: 20 });
});

test("a metric with nothing but NaN spreads over nothing", () => {
  expect(spread(lines(curve([0, 1], [Number.NaN, Number.NaN])), { from: 0, to: 1 }, false)).toBeUndefined();
});

test("what is drawn reaches one entry beyond the range on either side", () => {
  expect(within(curve([0, 1, 2, 3, 4, 5], [0, 0, 0, 0, 0, 0]), { from: 2, to: 3 })).toEqual([1, 5]);
});

test("the nearest entry is found, but not far away", () => {
  const [line] = lines(curve([0, 10, 20], [1, 2, 3]));
  const range = { from: 0, to: 100 };

  expect(line && [4, 6, 22, 50].map((place) => nearest(line, place, range))).toEqual([0, 1, 2, undefined]);
});

test("a line is prepared again only if its curve or the smoothing changed", () => {
  const shown = [{ id: "a", label: "", colour: 0, curve: curve([0, 1], [0, 1]) }];
  const first = prepared(shown, 0);

  expect(prepared(shown, 0, first)[0]?.values).toBe(first[0]?.values);
  expect(prepared(shown, 0.5, first)[0]?.values[1]).toBeCloseTo(2 / 3);
});

test.each([
  [0.5, 1, { from: 20, to: 30 }, { from: 25, to: 35 }],
  [-9, 1, { from: 20, to: 30 }, { from: 0, to: 10 }],
  [0, 0.5, { from: 20, to: 30 }, { from: 22.5, to: 27.5 }],
  [0, 99, { from: 20, to: 30 }, { from: 0, to: 100 }],
])("moved by %d and stretched by %d", (by, factor, range, expected) => {
  expect(moved(range, { from: 0, to: 100 }, by, factor)).toEqual(expected);
});

test("a logarithmic axis leaves out zero and what is below it", () => {
  expect(leavesOut(lines(curve([0, 1], [0, 1])), true)).toBe(true);
  expect(leavesOut(lines(curve([0, 1], [0, 1])), false)).toBe(false);
  expect(leavesOut(lines(curve([0, 1], [Number.NaN, 1])), true)).toBe(false);
});
