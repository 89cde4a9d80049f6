import { expect, test } from "vitest";
import { cell, isNumeric, MOST_ROWS, readCsv, readLogged } from "./tables";

test("CSV has quotes, separators and newlines in its cells", () => {
  const table = readCsv('\uFEFFid,text\r\n1,"a, ""b""\nc"\r\n2,\r\n', ",", false);

  expect(table).toEqual({
    columns: ["id", "text"],
    rows: [
      ["1", 'a, "b"\nc'],
      ["2", ""],
    ],
    total: 2,
  });
});

test.each([
  ["", [], []],
  ["a\tb", ["a", "b"], []],
  ["a\n1\n\n2", ["a"], [["1"], [""], ["2"]]],
  ['a\n"never closed', ["a"], [["never closed"]]],
])("%j is read", (text, columns, rows) => {
  expect(readCsv(text, "\t", false)).toMatchObject({ columns, rows });
});

test("the last row of a text that is cut is left out", () => {
  expect(readCsv("a,b\n1,2\n3,", ",", true)).toEqual({ columns: ["a", "b"], rows: [["1", "2"]], total: undefined });
});

test("of many rows the first are read", () => {
  const { rows, total } = readCsv(`a\n${"1\n".repeat(5_000)}`, ",", false);

  expect([rows.length, total]).toEqual([MOST_ROWS, undefined]);
});

test("a table of log_table is told from other JSON", () => {
  expect(
    readLogged({
      columns: ["a", "b"],
      data: [
        [1, null],
        [{ c: 2 }, true],
      ],
    }),
  ).toEqual({
    columns: ["a", "b"],
    rows: [
      ["1", ""],
      ['{"c":2}', "true"],
    ],
    total: 2,
  });
  for (const other of [null, 3, [], {}, { columns: [], data: {} }, { columns: ["a"], data: [1] }]) {
    expect(readLogged(other)).toBeUndefined();
  }
});

test("the name of a column is a text, whatever the file has in its place", () => {
  const names = readLogged({ columns: [{ toString: 1, valueOf: 1 }, null, "x".repeat(600)], data: [] })?.columns;

  expect(names).toEqual(['{"toString":1,"valueOf":1}', "", `${"x".repeat(500)}…`]);
});

test("a column of numbers is known", () => {
  const table = readCsv("n,t\n1,x\n,2\n-3e5,3\n", ",", false);

  expect([isNumeric(table, 0), isNumeric(table, 1)]).toEqual([true, false]);
});

test.each([
  [new Date("2026-01-02T03:04:05Z"), "2026-01-02 03:04:05"],
  [12n, "12"],
  [new Uint8Array(3), "3 bytes"],
  [{ a: 1n }, '{"a":1}'],
  ["x".repeat(600), `${"x".repeat(500)}…`],
])("a cell is written", (value, text) => {
  expect(cell(value)).toBe(text);
});
