import { expect, test } from "vitest";
import { chained, missing, pause } from "./asking";
import type { Sheet } from "./sheet";

const sheet = (columns: readonly string[], next = ""): Sheet => ({
  ids: [],
  columns: Object.fromEntries(columns.map((name) => [name, []])),
  cursor: "",
  next,
});

test("only what is not there is asked for, and once", () => {
  expect(missing([sheet(["a", "b"]), sheet(["c"])], ["a", "c", "d", "d"])).toEqual([["d"]]);
  expect(missing([sheet(["a"])], ["a"])).toEqual([]);
});

test("a call names sixty columns at most", () => {
  const names = Array.from({ length: 130 }, (_, at) => `m${at}`);

  expect(missing([], names).map((portion) => portion.length)).toEqual([60, 60, 10]);
});

test("a page that no longer begins where the one before ends is cut off, and all behind it", () => {
  const pages = [[sheet([], "two")], [sheet([], "other")], [sheet([], "four")]];

  expect(chained(["", "two", "three"], pages)).toBe(2);
  expect(chained(["", "two", "other"], pages)).toBe(3);
  expect(chained([], [])).toBe(0);
});

test("running runs are asked for often, a server in trouble rarely", () => {
  expect([pause(true, 0), pause(false, 0), pause(true, 3), pause(false, 9)]).toEqual([3_000, 15_000, 24_000, 60_000]);
});
