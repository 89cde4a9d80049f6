import { expect, test } from "vitest";
import type { Curve } from "../api/curves";
import { byGroup, byRun } from "./labelling";

function curve(run: string, value: number): Curve {
  const [x, last] = [Float64Array.of(0, 1), Float64Array.of(value, value)];
  return { run, key: "k", exact: true, start: x, end: x, last, min: last, max: last };
}

const CURVES = new Map([curve("c", 5), curve("a", 1), curve("b", 3)].map((each) => [each.run, each]));

test("each run has a line, and its colour by its place among all", () => {
  const labelling = byRun(["a", "gone", "c"].map((run) => ({ run, label: `run ${run}` })));

  expect(labelling(CURVES).map(({ label, colour }) => [label, colour])).toEqual([
    ["run a", 0],
    ["run c", 2],
  ]);
});

test("each group has a line, the mean of its runs", () => {
  const groups = new Map([
    ["adam", ["a", "b"]],
    ["none", ["gone"]],
    ["sgd", ["c"]],
  ]);

  const lines = byGroup(groups, 2)(CURVES);

  expect(lines.map(({ label, colour, curve: { last } }) => [label, colour, last[0]])).toEqual([
    ["adam (2)", 0, 2],
    ["sgd (1)", 2, 5],
  ]);
});
