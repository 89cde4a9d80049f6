import { expect, test } from "vitest";
import { ticks, tickText } from "./ticks";

test.each([
  ["step", 0, 19_999, 5, [0, 5_000, 10_000, 15_000]],
  ["step", 0, 3, 8, [0, 1, 2, 3]],
  ["value", 0.1, 0.34, 4, [0.1, 0.2, 0.3]],
  ["value", -1e-9, 1e-9, 4, [-1e-9, -5e-10, 0, 5e-10, 1e-9]],
  ["relative", 0, 3_600_000, 4, [0, 900_000, 1_800_000, 2_700_000, 3_600_000]],
  ["value", 5, 5, 4, [5]],
] as const)("%s from %d to %d has marks", (axis, from, to, count, places) => {
  expect(ticks(axis, from, to, count)).toEqual(places);
});

test("a logarithmic axis has powers of ten", () => {
  expect(ticks("value", 1e-3, 100, 6, true)).toEqual([0.001, 0.01, 0.1, 1, 10, 100]);
  expect(ticks("value", 1e-12, 1, 5, true)).toEqual([1e-12, 1e-9, 1e-6, 1e-3, 1]);
  expect(ticks("value", 1, 30, 6, true)).toEqual([1, 2, 5, 10, 20]);
});

test("a logarithmic axis within one power has plain marks", () => {
  expect(ticks("value", 2.1, 2.4, 3, true)).toEqual([2.1, 2.2, 2.3, 2.4]);
});

test("marks of days are at midnight where the reader is", () => {
  const from = new Date(2026, 0, 1, 5).getTime();
  const [first] = ticks("time", from, from + 4 * 86_400_000, 4);

  expect(first).toBe(new Date(2026, 0, 2).getTime());
});

test.each([
  ["step", 1_500_000, 1, "1.5M"],
  ["step", 20_000, 1, "20k"],
  ["relative", 90_000, 1, "1 min 30 s"],
  ["value", 0.25, 1, "0.25"],
  ["value", 1e-10, 1, "1e−10"],
  ["value", 2.5e-10, 1, "2.5e−10"],
] as const)("at a mark of %s %d stands", (axis, value, step, text) => {
  expect(tickText(axis, value, step)).toBe(text);
});
