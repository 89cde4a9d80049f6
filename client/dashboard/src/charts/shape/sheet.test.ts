import { expect, test } from "vitest";
import type { Curve } from "../../api/curves";
import { sheetOf } from "./sheet";

const floats = (...values: number[]) => new Float64Array(values);
const CURVE: Curve = {
  run: "r",
  key: "loss",
  exact: false,
  start: floats(0, 10, 20),
  end: floats(9, 19, 29),
  last: floats(3, 2, Number.NaN),
  min: floats(1, 2, Number.NaN),
  max: floats(9, 2, Number.NaN),
};

test("what reaches into the range is a row each, unsmoothed, with its extremes", () => {
  const lines = [{ id: "r", label: "first", colour: 0, curve: CURVE }];

  expect(sheetOf(lines, "step", { from: 5, to: 15 })).toEqual([
    ["name", "id", "step from", "step to", "last", "lowest", "highest"],
    ["first", "r", 0, 9, 3, 1, 9],
    ["first", "r", 10, 19, 2, 2, 2],
  ]);
});

test("times say their unit", () => {
  expect(sheetOf([], "relative", { from: 0, to: 1 })[0]?.[2]).toBe("relative (ms) from");
});
