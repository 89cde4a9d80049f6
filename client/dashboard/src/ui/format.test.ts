import { expect, test } from "vitest";
import { ago, duration, number, size } from "./format";

test.each([
  [0, "0"],
  [-3, "−3"],
  [0.1 + 0.2, "0.3"],
  [0.99999949, "1"],
  [123456.789, "123460"],
  [1e-9, "1e−9"],
  [0.00030613, "3.061e−4"],
  [-2.5e12 - 0.5, "−2.5e12"],
  [Number.NaN, "NaN"],
  [Number.NEGATIVE_INFINITY, "−∞"],
])("%d is written %s", (value, text) => {
  expect(number(value)).toBe(text);
});

test.each([
  [0, "0 s"],
  [4_230, "4.2 s"],
  [59_400, "59 s"],
  [185_000, "3 min 5 s"],
  [3_600_000, "1 h"],
  [90_061_000, "1 d 1 h"],
  [-5, "0 s"],
])("%d ms are %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("what has just happened is now", () => {
  expect(ago(1_000_000, 1_005_000)).toBe("now");
  expect(ago(0, 3 * 86_400_000)).toBe("3 d ago");
});

test("sizes are in powers of a thousand", () => {
  expect([0, 999, 1_000, 1_234_567, 250_000_000].map(size)).toEqual(["0 B", "999 B", "1 kB", "1.2 MB", "250 MB"]);
});
