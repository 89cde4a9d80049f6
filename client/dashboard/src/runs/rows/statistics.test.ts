import { expect, test } from "vitest";
import { shared, summary } from "./statistics";

test("a summary is of the given runs' numbers", () => {
  expect(summary([1, 2, 6, 100], [0, 1, 2])).toEqual({ mean: 3, min: 1, max: 6, count: 3 });
});

test("NaN and missing values do not count", () => {
  expect(summary([Number.NaN, null, 4], [0, 1, 2])).toEqual({ mean: 4, min: 4, max: 4, count: 1 });
  expect(summary([Number.NaN, null], [0, 1])).toBeUndefined();
  expect(summary([], [0])).toBeUndefined();
});

test("a group shows a param that all its runs share", () => {
  expect(shared(["a", "b", "a"], [0, 2])).toBe("a");
  expect(shared(["a", "b", "a"], [0, 1])).toBeUndefined();
  expect(shared([null, null], [0, 1])).toBeNull();
});
