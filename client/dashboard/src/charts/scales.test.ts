import { expect, test } from "vitest";
import { niceTicks, scaleOf, suitsLog } from "./scales";

test("ticks are round numbers inside the range", () => {
  expect(niceTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(niceTicks(-3, 17)).toEqual([0, 5, 10, 15]);
  expect(niceTicks(0.1, 0.34)).toEqual([0.1, 0.15, 0.2, 0.25, 0.3]);
});

test("a linear scale goes from its lowest to its highest finite value", () => {
  const scale = scaleOf([2, Number.NaN, 4, Number.POSITIVE_INFINITY]);

  expect([2, 3, 4].map((value) => scale.place(value))).toEqual([0, 0.5, 1]);
  expect(scale.value(0.25)).toBe(2.5);
});

test("a logarithmic scale cannot show zero", () => {
  const scale = scaleOf([0, 0.01, 100], true);

  expect(scale.place(1)).toBeCloseTo(0.5);
  expect(scale.place(0)).toBeNaN();
  expect(scale.ticks).toEqual([0.01, 0.1, 1, 10, 100]);
});

test.each([[[]], [[5]], [[0]], [[Number.NaN]]])("a scale of %j has two ends", (values) => {
  for (const isLog of [false, true]) {
    const scale = scaleOf(values, isLog);

    expect(scale.value(1)).toBeGreaterThan(scale.value(0));
    expect(scale.ticks.length).toBeGreaterThan(0);
  }
});

test("orders of magnitude suit a logarithmic axis, zeros and signs do not", () => {
  expect(suitsLog([1e-5, 1e-1])).toBe(true);
  expect(suitsLog([1, 5])).toBe(false);
  expect(suitsLog([0, 1000])).toBe(false);
  expect(suitsLog([-1, 1000])).toBe(false);
});
