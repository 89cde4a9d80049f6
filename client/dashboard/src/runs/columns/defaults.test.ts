import { expect, test } from "vitest";
import type { ColumnNames } from "../../api/columns";
import { NO_RUNS, tableOf } from "../rows/table";
import { candidates, defaults } from "./defaults";

const counted = (keys: readonly string[]) => keys.map((key) => ({ key, runs: 2 }));
const NAMES: ColumnNames = {
  runs: 2,
  is_sample: false,
  metrics: counted(["system/cpu", "loss", "acc"]),
  params: counted(["seed", "lr"]),
  tags: counted(["team"]),
  left_out: { metrics: 0, params: 0, tags: 0 },
};

test("a param that is the same for all runs is not shown", () => {
  const columns = { "params.seed": ["1", "1"], "params.lr": ["0.1", "0.2"] };
  const table = tableOf([[{ ids: ["a", "b"], columns, cursor: "", next: "" }]]);

  const shown = defaults(NAMES, table).map(({ id }) => id);

  expect(shown).toEqual(["name", "status", "start", "duration", "m.loss", "m.acc", "m.system/cpu", "p.lr"]);
});

test("without runs there are the attributes and the metrics", () => {
  expect(defaults({ ...NAMES, metrics: [] }, NO_RUNS).map(({ id }) => id)).toEqual([
    "name",
    "status",
    "start",
    "duration",
  ]);
});

test("losses and scores come first, and those of validation before others", () => {
  const metrics = counted(["grad_norm", "train/loss", "lr", "val/loss", "test_acc"]);

  expect(candidates({ ...NAMES, metrics, params: [] })).toEqual([
    "metrics.val/loss",
    "metrics.test_acc",
    "metrics.train/loss",
    "metrics.grad_norm",
    "metrics.lr",
  ]);
});

test("few columns are asked for, however many there are", () => {
  const many = Array.from({ length: 2_000 }, (_, at) => `k${at}`);

  expect(candidates({ ...NAMES, metrics: counted(many), params: counted(many) })).toHaveLength(28);
});
