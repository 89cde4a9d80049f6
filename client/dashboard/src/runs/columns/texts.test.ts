import { expect, test } from "vitest";
import type { Cell } from "../../api/columns";
import { tableOf } from "../rows/table";
import { type Column, columnOf } from "./column";
import { fieldOf, hintOf, isNumeric, sheetOfTexts, textOf } from "./texts";

const column = (id: string) => columnOf(id) as Column;
const NOW = Date.UTC(2026, 0, 2);
const START = NOW - 90_000;

function table(values: Readonly<Record<string, Cell>>) {
  const columns = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
  return tableOf([[{ ids: ["a"], columns, cursor: "", next: "" }]]);
}

const RUNNING = table({ "attributes.status": "RUNNING", "attributes.start_time": START, "attributes.end_time": null });

test("a running run's length grows", () => {
  expect(textOf(RUNNING, column("duration"), 0, NOW)).toBe("1 min 30 s");
  expect(textOf(RUNNING, column("duration"), 0, NOW + 60_000)).toBe("2 min 30 s");
});

test("a run that ended without a time has no length", () => {
  const failed = table({ "attributes.status": "FAILED", "attributes.start_time": START, "attributes.end_time": null });

  expect(textOf(failed, column("duration"), 0, NOW)).toBe("");
});

test("cells read as people do", () => {
  expect(textOf(RUNNING, column("status"), 0, NOW)).toBe("Running");
  expect(textOf(RUNNING, column("start"), 0, NOW)).toBe("1 min ago");
  expect(textOf(table({ "metrics.loss": Number.NaN }), column("m.loss"), 0, NOW)).toBe("NaN");
  expect(textOf(table({ "metrics.loss@step": 12 }), column("m.loss@step"), 0, NOW)).toBe("12");
  expect(textOf(table({ "params.lr": "1e-4" }), column("p.lr"), 0, NOW)).toBe("1e-4");
  expect(textOf(table({ "params.lr": "3.37508345709719e-05" }), column("p.lr"), 0, NOW)).toBe("3.375e−5");
  expect(textOf(table({}), column("p.lr"), 0, NOW)).toBe("");
});

test("a CSV has numbers whole, lengths in seconds and moments in UTC", () => {
  expect(fieldOf(table({ "metrics.loss": 0.123456789 }), column("m.loss"), 0, NOW)).toBe(0.123456789);
  expect(fieldOf(RUNNING, column("duration"), 0, NOW)).toBe(90);
  expect(fieldOf(RUNNING, column("start"), 0, NOW)).toBe("2026-01-01T23:58:30.000Z");
  expect(fieldOf(RUNNING, column("end"), 0, NOW)).toBeNull();
});

test("a CSV names its columns as the server does", () => {
  const rows = sheetOfTexts(RUNNING, [column("status"), column("m.loss@min")], [0], NOW);

  expect(rows).toEqual([
    ["status", "metrics.loss@min"],
    ["RUNNING", null],
  ]);
});

test("params that are all numbers stand at the right", () => {
  expect(isNumeric(table({ "params.lr": "1e-4" }), column("p.lr"))).toBe(true);
  expect(isNumeric(table({ "params.lr": "adam" }), column("p.lr"))).toBe(false);
  expect(isNumeric(table({ "params.lr": null }), column("p.lr"))).toBe(false);
});

test("the whole text is at hand where a cell is too narrow", () => {
  expect(hintOf(table({ "params.x": "long" }), column("p.x"), 0)).toBe("long");
  expect(hintOf(table({ "metrics.x": 1 }), column("m.x"), 0)).toBeUndefined();
});
