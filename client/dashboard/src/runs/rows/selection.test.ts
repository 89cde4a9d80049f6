import { expect, test } from "vitest";
import { flat, grouped } from "./lines";
import { isSelected, runsBetween, withRuns } from "./selection";
import { tableOf } from "./table";

const TABLE = tableOf([
  [{ ids: ["a", "b", "c", "d"], columns: { "params.o": ["x", "y", "x", "y"] }, cursor: "", next: "" }],
]);

test("a range has both its ends, in either direction", () => {
  const lines = flat(TABLE);

  expect(runsBetween(lines, TABLE, 1, 2)).toEqual(["b", "c"]);
  expect(runsBetween(lines, TABLE, 2, -1)).toEqual(["a", "b", "c"]);
});

test("a group is selected if all its runs are", () => {
  const [first, second] = grouped(TABLE, "params.o", new Set());
  const selection = withRuns(new Set(["a"]), ["c"], true);

  expect(isSelected(selection, first, TABLE)).toBe(true);
  expect(isSelected(selection, second, TABLE)).toBe(false);
  expect(isSelected(withRuns(selection, ["a"], false), first, TABLE)).toBe(false);
});

test("no line is not selected", () => {
  expect(isSelected(new Set(), undefined, TABLE)).toBe(false);
});
