import { expect, test } from "vitest";
import type { Shown } from "../view";
import { added, adjusted, hidden, nudged, pinnedFirst, placed, put, usual } from "./shown";

const SHOWN: readonly Shown[] = [{ id: "name", isPinned: true }, { id: "status" }, { id: "m.loss", width: 90 }];
const ids = (shown: readonly Shown[]) => shown.map((each) => (each.isPinned ? `${each.id}!` : each.id));

test("pinned columns come first, unknown ones not at all", () => {
  const found = placed(pinnedFirst([{ id: "status" }, { id: "nothing" }, { id: "p.lr", isPinned: true }]), false);

  expect(found.map(({ id }) => id)).toEqual(["p.lr", "status"]);
});

test("a column has the width it was given, or one for its title", () => {
  const widths = placed([...SHOWN, { id: "p.a_rather_long_name_of_a_param" }], false).map(({ width }) => width);

  expect(widths).toEqual([220, 100, 90, 180]);
  expect(placed(SHOWN, true)[0]?.width).toBe(128);
});

test("a column is put before another, and pinned if that one is", () => {
  expect(ids(put(SHOWN, "m.loss", "status"))).toEqual(["name!", "m.loss", "status"]);
  expect(ids(put(SHOWN, "m.loss", "name"))).toEqual(["m.loss!", "name!", "status"]);
  expect(ids(put(SHOWN, "name", undefined))).toEqual(["status", "m.loss", "name"]);
  expect(put(SHOWN, "nothing", "name")).toBe(SHOWN);
});

test("a column moves by one place, and no further than the edge", () => {
  expect(ids(nudged(SHOWN, "status", 1))).toEqual(["name!", "m.loss", "status"]);
  expect(nudged(SHOWN, "name", -1)).toBe(SHOWN);
});

test("columns are hidden and added, once each", () => {
  expect(ids(hidden(SHOWN, "status"))).toEqual(["name!", "m.loss"]);
  expect(ids(added(SHOWN, "p.lr"))).toEqual(["name!", "status", "m.loss", "p.lr"]);
  expect(added(SHOWN, "status")).toBe(SHOWN);
});

test("a column gets its usual width back", () => {
  expect(usual(SHOWN, "m.loss")[2]).toEqual({ id: "m.loss" });
  expect(usual(SHOWN, "name")[0]).toEqual({ id: "name", isPinned: true });
});

test("what is changed of a column leaves the rest of it", () => {
  expect(adjusted(SHOWN, "m.loss", { id: "m.loss@min" })[2]).toEqual({ id: "m.loss@min", width: 90 });
  expect(adjusted(SHOWN, "name", { isPinned: false })[0]).toEqual({ id: "name" });
  expect(adjusted(added(SHOWN, "m.loss@min"), "m.loss", { id: "m.loss@min" })).toHaveLength(4);
});
