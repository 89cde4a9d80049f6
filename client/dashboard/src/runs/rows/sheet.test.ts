import { expect, test } from "vitest";
import { merged, sheetOf } from "./sheet";

const SHEET = sheetOf({
  run_ids: ["a", "b", "c"],
  columns: { "metrics.loss": [1, "NaN", null], "params.lr": ["NaN", "0.1", null] },
  etag: "1",
  cursor: "first",
  next_page_token: "page 2",
});

test("metrics are numbers, also those that JSON has no sign for; params stay texts", () => {
  expect(SHEET.columns).toEqual({ "metrics.loss": [1, Number.NaN, null], "params.lr": ["NaN", "0.1", null] });
  expect(sheetOf({ run_ids: ["a"], columns: { "metrics.l": ["-Infinity"] }, etag: "", cursor: "" }).columns).toEqual({
    "metrics.l": [Number.NEGATIVE_INFINITY],
  });
});

test("an unchanged page is the same object", () => {
  expect(merged(SHEET, { unchanged: true, etag: "1" })).toBe(SHEET);
});

test("changed rows replace those they had, and the cursor is the new one", () => {
  const changed = { run_ids: ["b"], columns: { "metrics.loss": ["Infinity"], "params.lr": [null] } };

  const after = merged(SHEET, { changed, etag: "2", cursor: "second", next_page_token: "page 2" });

  expect(after.ids).toBe(SHEET.ids);
  expect(after.columns).toEqual({
    "metrics.loss": [1, Number.POSITIVE_INFINITY, null],
    "params.lr": ["NaN", null, null],
  });
  expect(after.cursor).toBe("second");
});

test("new runs come in, others go, and values move with their run", () => {
  const changed = { run_ids: ["d"], columns: { "metrics.loss": [4], "params.lr": ["1"] } };

  const after = merged(SHEET, { changed, run_ids: ["d", "c", "a"], etag: "2", cursor: "second" });

  expect(after.ids).toEqual(["d", "c", "a"]);
  expect(after.columns).toEqual({ "metrics.loss": [4, null, 1], "params.lr": ["1", null, "NaN"] });
  expect(after.next).toBe("");
});

test("the sheet before stays as it was", () => {
  const changed = { run_ids: ["a"], columns: { "metrics.loss": [9], "params.lr": ["9"] } };

  merged(SHEET, { changed, etag: "2", cursor: "second" });

  expect(SHEET.columns["metrics.loss"]).toEqual([1, Number.NaN, null]);
});
