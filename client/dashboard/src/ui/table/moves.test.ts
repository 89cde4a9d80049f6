import { expect, test } from "vitest";
import { moved } from "./moves";

const EXTENT = { rows: 100, columns: 10, page: 20 };
const pressed = (key: string, isControl = false) => ({ key, isControl });

test.each([
  ["ArrowDown", { row: 6, column: 5 }],
  ["ArrowUp", { row: 4, column: 5 }],
  ["ArrowLeft", { row: 5, column: 4 }],
  ["ArrowRight", { row: 5, column: 6 }],
  ["PageDown", { row: 25, column: 5 }],
  ["PageUp", { row: 0, column: 5 }],
  ["Home", { row: 5, column: 0 }],
  ["End", { row: 5, column: 9 }],
])("%s moves from the middle", (key, to) => {
  expect(moved({ row: 5, column: 5 }, pressed(key), EXTENT)).toEqual(to);
});

test("with Control a key goes to the edge", () => {
  expect(moved({ row: 5, column: 5 }, pressed("ArrowDown", true), EXTENT)).toEqual({ row: 99, column: 5 });
  expect(moved({ row: 5, column: 5 }, pressed("End", true), EXTENT)).toEqual({ row: 99, column: 9 });
  expect(moved({ row: 5, column: 5 }, pressed("Home", true), EXTENT)).toEqual({ row: 0, column: 0 });
});

test("above the first row is the head, and beyond the edges is nothing", () => {
  expect(moved({ row: 0, column: 0 }, pressed("ArrowUp"), EXTENT)).toEqual({ row: -1, column: 0 });
  expect(moved({ row: -1, column: 0 }, pressed("ArrowUp"), EXTENT)).toEqual({ row: -1, column: 0 });
  expect(moved({ row: 99, column: 9 }, pressed("ArrowRight"), EXTENT)).toEqual({ row: 99, column: 9 });
  expect(moved({ row: 0, column: 0 }, pressed("ArrowDown"), { rows: 0, columns: 1, page: 20 })).toEqual({
    row: -1,
    column: 0,
  });
});

test("other keys do not move", () => {
  expect(moved({ row: 5, column: 5 }, pressed("a"), EXTENT)).toBeUndefined();
});
