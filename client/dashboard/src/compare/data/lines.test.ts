import { expect, test } from "vitest";
import type { Curve } from "../../api/curves";
import { fieldOf } from "./fields";
import { labelsOf } from "./lines";
import type { Compared } from "./table";

const COMPARED: Compared = { ids: ["a", "b", "c"], names: ["ay", "bee", "sea"], fields: [], missing: [], leftOut: 0 };

function curve(run: string, values: readonly number[]): Curve {
  const column = Float64Array.from(values);
  const steps = Float64Array.from(values.keys());
  return { run, key: "loss", exact: true, start: steps, end: steps, last: column, min: column, max: column };
}

test("a run keeps its colour where another one lacks the metric", () => {
  const lines = labelsOf(COMPARED, undefined)(new Map([["c", curve("c", [1])]]), 10);

  expect(lines.map(({ label, colour }) => [label, colour])).toEqual([["sea", 2]]);
});

test("a group is the mean of its runs with their extremes", () => {
  const by = fieldOf("params.optimizer", ["adam", "adam", null]);
  const curves = new Map([
    ["a", curve("a", [1, 2])],
    ["b", curve("b", [3, 6])],
  ]);

  const [line, ...others] = labelsOf(COMPARED, by)(curves, 2);

  expect(others).toEqual([]);
  expect(line?.label).toBe("adam (2)");
  expect([...(line?.curve.last ?? [])].at(-1)).toBe(4);
  expect([...(line?.curve.max ?? [])].at(-1)).toBe(6);
});
