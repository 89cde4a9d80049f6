import { expect, test } from "vitest";
import type { Cell } from "../../api/columns";
import { flat, foldable, grouped, hasNested, type Line, nested } from "./lines";
import { tableOf } from "./table";

function table(ids: readonly string[], name: string, values: readonly Cell[]) {
  return tableOf([[{ ids, columns: { [name]: values }, cursor: "", next: "" }]]);
}

const family = (parents: readonly Cell[]) =>
  table(["a", "b", "c", "d"].slice(0, parents.length), "tags.mlflow.parentRunId", parents);
const drawn = (lines: readonly Line[]) =>
  lines.map((line) => (line.kind === "run" ? `${"-".repeat(line.depth)}${line.key}` : `${line.value}:${line.members}`));

test("runs as they are stand in their order", () => {
  expect(drawn(flat(family([null, "a"])))).toEqual(["a", "b"]);
});

test("a parent hides its runs until it is open", () => {
  const runs = family(["b", null, "b", "c"]);

  expect(hasNested(runs)).toBe(true);
  expect(drawn(nested(runs, new Set()))).toEqual(["b"]);
  expect(drawn(nested(runs, new Set(["b"])))).toEqual(["b", "-a", "-c"]);
  expect(drawn(nested(runs, new Set(["b", "c"])))).toEqual(["b", "-a", "-c", "--d"]);
});

test("parents can be open, and groups", () => {
  const runs = family(["b", null, "b", "c"]);

  expect(foldable(nested(runs, new Set(["b"])))).toEqual(["b", "c"]);
  expect(foldable(flat(runs))).toEqual([]);
});

test("a run whose parent is elsewhere stands by itself", () => {
  const runs = family(["elsewhere", null]);

  expect(hasNested(runs)).toBe(false);
  expect(drawn(nested(runs, new Set()))).toEqual(["a", "b"]);
});

test("runs in a circle are shown all the same", () => {
  const all = new Set(["a", "b", "c"]);

  expect(drawn(nested(family(["b", "a", "c"]), all))).toEqual(["a", "-b", "c"]);
});

test("deep nesting needs no stack", () => {
  const ids = Array.from({ length: 20_000 }, (_, at) => `r${at}`);
  const runs = table(ids, "tags.mlflow.parentRunId", [null, ...ids.slice(0, -1)]);

  expect(nested(runs, new Set(ids))).toHaveLength(20_000);
});

test("groups come in the order of their first run, those without a value too", () => {
  const runs = table(["a", "b", "c", "d"], "params.opt", ["sgd", "adam", null, "sgd"]);

  expect(drawn(grouped(runs, "params.opt", new Set()))).toEqual(["sgd:0,3", "adam:1", "null:2"]);
  expect(drawn(grouped(runs, "params.opt", new Set(["group sgd"])))).toEqual([
    "sgd:0,3",
    "-a",
    "-d",
    "adam:1",
    "null:2",
  ]);
});

test("a value that reads null is another group than no value", () => {
  const runs = table(["a", "b"], "params.opt", ["null", null]);
  const keys = grouped(runs, "params.opt", new Set()).map((line) => line.key);

  expect(new Set(keys).size).toBe(2);
});
