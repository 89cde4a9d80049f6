import { expect, test } from "vitest";
import type { Curve } from "../../api/curves";
import { groupOf } from "./groups";

function curve(xs: readonly number[], values: readonly number[]): Curve {
  const [x, value] = [Float64Array.from(xs), Float64Array.from(values)];
  return { run: "r", key: "k", exact: true, start: x, end: x, last: value, min: value, max: value };
}

test("a group has the mean of its curves, and their extremes", () => {
  const group = groupOf([curve([0, 1, 2, 3, 4], [0, 0, 0, 0, 0]), curve([0, 1, 2, 3, 4], [2, 2, 2, 2, 2])], 4);

  expect([...(group?.last ?? [])]).toEqual([1, 1, 1, 1]);
  expect([group?.min[0], group?.max[0], group?.start[0], group?.end.at(-1)]).toEqual([0, 2, 0, 4]);
});

test("a curve counts only where it is", () => {
  const group = groupOf([curve([0, 10], [0, 0]), curve([0, 4], [4, 4])], 10);

  expect([group?.last[0], group?.last.at(-1)]).toEqual([2, 0]);
});

test("values that are no numbers do not count", () => {
  const group = groupOf([curve([0, 1], [Number.NaN, Number.NaN]), curve([0, 1], [3, 3])], 2);

  expect([...(group?.last ?? [])]).toEqual([3, 3]);
});

test("one curve is its own group, none has none", () => {
  const one = curve([0], [1]);

  expect([groupOf([one], 4), groupOf([], 4)]).toEqual([one, undefined]);
  expect(groupOf([curve([], []), curve([], [])], 4)).toBeUndefined();
});
