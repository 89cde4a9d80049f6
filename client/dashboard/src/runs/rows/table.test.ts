import { expect, test } from "vitest";
import type { Columns, Sheet } from "./sheet";
import { extended, isRunning, kept, news, newsText, tableOf } from "./table";

const sheet = (ids: readonly string[], columns: Columns): Sheet => ({ ids, columns, cursor: "", next: "" });
const table = (ids: readonly string[], loss: readonly number[]) => tableOf([[sheet(ids, { loss })]]);

test("sheets of the same page stand side by side, though their runs are in another order", () => {
  const found = tableOf([[sheet(["a", "b"], { loss: [1, 2] }), sheet(["b", "x", "a"], { lr: ["B", "X", "A"] })]]);

  expect(found.ids).toEqual(["a", "b"]);
  expect(found.values.get("loss")).toEqual([1, 2]);
  expect(found.values.get("lr")).toEqual(["A", "B"]);
});

test("pages stand below each other, and a run is there once", () => {
  const found = tableOf([[sheet(["a", "b"], { loss: [1, 2] })], [sheet(["b", "c"], { loss: [5, 3], lr: ["x", "y"] })]]);

  expect(found.ids).toEqual(["a", "b", "c"]);
  expect(found.values.get("loss")).toEqual([1, 5, 3]);
  expect(found.values.get("lr")).toEqual([null, "x", "y"]);
});

test("the order stays while values change", () => {
  const latest = table(["new", "b", "a"], [9, 2, 1]);

  const after = kept(table(["a", "b", "gone"], [0, 0, 7]), latest);

  expect(after.ids).toEqual(["a", "b", "gone"]);
  expect(after.values.get("loss")).toEqual([1, 2, 7]);
});

test("the same runs in the same order are no news", () => {
  expect(news(table(["a"], [1]), table(["a"], [2]), false)).toBeUndefined();
});

test("news count what came and went", () => {
  const found = news(table(["a", "b", "c"], [1, 2, 3]), table(["d", "b", "a"], [4, 2, 1]), false);

  expect(found).toEqual({ added: 1, gone: 1, isReordered: true });
  expect(found && newsText(found)).toBe("1 new run, 1 gone, another order");
});

test("a run that has moved behind the last page is not gone", () => {
  expect(news(table(["a", "b"], [1, 2]), table(["new", "a"], [0, 1]), true)).toEqual({
    added: 1,
    gone: 0,
    isReordered: false,
  });
  expect(news(table(["a", "b"], [1, 2]), table(["a"], [1]), true)).toBeUndefined();
});

test("a further page comes below, and changes nothing above", () => {
  const latest = tableOf([[sheet(["x", "a"], { loss: [9, 1] })], [sheet(["b"], { loss: [2] })]]);

  const after = kept(extended(table(["a"], [0]), ["b"]), latest);

  expect(after.ids).toEqual(["a", "b"]);
  expect(after.values.get("loss")).toEqual([1, 2]);
});

test("a table knows whether something in it still runs", () => {
  const status = (...values: string[]) => tableOf([[sheet(["a"], { "attributes.status": values })]]);

  expect([isRunning(status("RUNNING")), isRunning(status("FINISHED"))]).toEqual([true, false]);
});
