import { expect, test } from "vitest";
import { columnsInSight, fits, offsets, pinsThatFit, rowsInSight, scrolledTo } from "./window";

test("the rows in sight are those between the edges, and some to spare", () => {
  expect(rowsInSight(280, 100, 28, 1000, 0)).toEqual({ from: 10, to: 15 });
  expect(rowsInSight(280, 100, 28, 1000, 3)).toEqual({ from: 7, to: 18 });
});

test("no row is before the first or behind the last", () => {
  expect(rowsInSight(0, 100, 28, 1000, 3)).toEqual({ from: 0, to: 11 });
  expect(rowsInSight(27_900, 100, 28, 1000, 3)).toEqual({ from: 989, to: 1000 });
  expect(rowsInSight(99_999, 100, 28, 10, 2)).toEqual({ from: 1, to: 10 });
  expect(rowsInSight(0, 100, 28, 3, 2)).toEqual({ from: 0, to: 3 });
});

test("as many rows are in sight wherever one is, so that their elements serve again", () => {
  const counts = [0, 13, 27, 28, 500, 13_999, 27_900].map((top) => {
    const { from, to } = rowsInSight(top, 100, 28, 1000, 3);
    return to - from;
  });

  expect(new Set(counts)).toEqual(new Set([11]));
});

test("nothing is in sight of no rows, or where there is no height", () => {
  expect(rowsInSight(0, 100, 28, 0, 5)).toEqual({ from: 0, to: 0 });
  expect(rowsInSight(0, 0, 28, 10, 5)).toEqual({ from: 0, to: 0 });
});

test("columns begin where those before them end", () => {
  expect(offsets([{ width: 100 }, { width: 50 }, { width: 70 }])).toEqual([0, 100, 150, 220]);
  expect(offsets([])).toEqual([0]);
});

test("the columns in sight have one more on each side", () => {
  const begins = offsets(Array.from({ length: 60 }, () => ({ width: 100 })));

  expect(columnsInSight(1_050, 400, begins, 1)).toEqual({ from: 9, to: 16 });
  expect(columnsInSight(0, 400, begins, 1)).toEqual({ from: 0, to: 6 });
  expect(columnsInSight(5_600, 400, begins, 1)).toEqual({ from: 55, to: 60 });
  expect(columnsInSight(0, 400, [0], 1)).toEqual({ from: 0, to: 0 });
});

test("pinned columns take half of the width at most", () => {
  const pinned = [{ width: 36 }, { width: 120 }, { width: 80 }];

  expect(pinsThatFit(pinned, 360)).toBe(2);
  expect(pinsThatFit(pinned, 1440)).toBe(3);
  expect(pinsThatFit([{ width: 500 }], 360)).toBe(0);
});

test("a text fits if it is short, and in letters of a usual width", () => {
  expect(fits("0.12346", 88)).toBe(true);
  expect(fits("0.123456789", 88)).toBe(false);
  expect(fits("größer", 88)).toBe(false);
  expect(fits("実行", 88)).toBe(false);
});

test("scrolling to something moves as little as it can", () => {
  expect(scrolledTo(100, 128, 0, 500)).toBe(0);
  expect(scrolledTo(600, 628, 0, 500)).toBe(128);
  expect(scrolledTo(100, 128, 300, 500)).toBe(100);
  expect(scrolledTo(100, 900, 300, 500)).toBe(100);
});
