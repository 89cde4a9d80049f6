import { expect, test } from "vitest";
import type { Run } from "../api/run";
import { grouped, matching, metrics } from "./metrics";

test("metrics are grouped by what stands before the slash, what is alone first, the system's last", () => {
  const keys = ["system/cpu", "val/loss", "layer/10/norm", "layer/9/norm", "lr", "/odd", "val/acc", "train/loss"];

  expect(grouped(keys)).toEqual([
    { name: "", keys: ["/odd", "lr", "train/loss"] },
    { name: "layer", keys: ["layer/9/norm", "layer/10/norm"] },
    { name: "val", keys: ["val/acc", "val/loss"] },
    { name: "system", keys: ["system/cpu"] },
  ]);
});

test("a search finds keys with all its words", () => {
  expect(["val/Loss", "val/acc", "loss"].filter(matching(" loss VAL "))).toEqual(["val/Loss"]);
  expect(grouped(["a"], "b")).toEqual([]);
});

test("values that travel as text are numbers", () => {
  const point = (key: string, value: unknown) => ({ key, value, step: 1, timestamp: 2 });
  const run = { data: { metrics: [point("b", "NaN"), point("a", "-Infinity"), point("c", 0.5)] } } as unknown as Run;

  expect(metrics(run).map(({ key, last }) => [key, last])).toEqual([
    ["a", Number.NEGATIVE_INFINITY],
    ["b", Number.NaN],
    ["c", 0.5],
  ]);
});
