import { expect, test } from "vitest";
import { smoothed } from "./smooth";

test("a constant stays a constant from its first value on", () => {
  expect([...smoothed(Float64Array.of(3, 3, 3), 0.9)].map((each) => Math.round(each * 1e9) / 1e9)).toEqual([3, 3, 3]);
});

test("values are averaged with those before them", () => {
  const [first, second] = smoothed(Float64Array.of(0, 1), 0.5);

  expect([first, second]).toEqual([0, 0.5 / 0.75]);
});

test("what is no number leaves a gap, and the average goes on after it", () => {
  const smooth = smoothed(Float64Array.of(2, Number.NaN, Number.POSITIVE_INFINITY, 2), 0.5);

  expect([...smooth]).toEqual([2, Number.NaN, Number.POSITIVE_INFINITY, 2]);
});

test("without a weight nothing is changed", () => {
  const values = Float64Array.of(1, 2);

  expect(smoothed(values, 0)).toBe(values);
});
