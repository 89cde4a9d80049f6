import { expect, test } from "vitest";
import { axisOf, chosen } from "./axes";
import { fieldOf } from "./fields";

test("numbers lie on a scale, which is logarithmic if that suits them", () => {
  const axis = axisOf(fieldOf("params.lr", ["1e-5", "1e-3", null, "1e-1"]));

  expect(axis.isLog).toBe(true);
  expect(axis.places.map((place) => (Number.isNaN(place) ? null : Math.round(place * 100)))).toEqual([
    0,
    50,
    null,
    100,
  ]);
});

test("infinities and NaN have no place", () => {
  const axis = axisOf(fieldOf("metrics.loss", [1, "Infinity", "NaN", 2]));

  expect(axis.places.map(Number.isNaN)).toEqual([false, true, true, false]);
});

test("names lie side by side, the most frequent first", () => {
  const axis = axisOf(fieldOf("params.optimizer", ["sgd", "adam", "adam", null, "lion"]));

  expect(axis.ticks.map(({ text }) => text)).toEqual(["adam", "lion", "none", "sgd"]);
  expect(axis.places).toEqual([1, 0, 0, 2 / 3, 1 / 3]);
});

test("of many names the rare ones share a place", () => {
  const axis = axisOf(
    fieldOf(
      "params.seed",
      Array.from({ length: 50 }, (_, at) => `s${at}`),
    ),
  );

  expect(axis.ticks).toHaveLength(20);
  expect(axis.ticks.at(-1)?.text).toBe("others");
  expect(axis.places.every((place) => place >= 0 && place <= 1)).toBe(true);
});

test("a run is chosen if it lies in every range", () => {
  const axes = [axisOf(fieldOf("metrics.a", [0, 5, 10])), axisOf(fieldOf("metrics.b", [0, 10, 5]))];

  expect(chosen(axes, new Map([["metrics.a", [0.4, 1]]]), 3)).toEqual([false, true, true]);
  expect(
    chosen(
      axes,
      new Map([
        ["metrics.a", [0.4, 1] as const],
        ["metrics.b", [0, 0.6] as const],
      ]),
      3,
    ),
  ).toEqual([false, false, true]);
  expect(chosen(axes, new Map(), 3)).toEqual([true, true, true]);
});
