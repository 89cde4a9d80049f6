import { expect, test } from "vitest";
import { areAll, nextShares } from "./shares";

const BEFORE = { from: 3, to: 9 };
const WANTED = { from: 4, to: 10 };

test("columns that come in are drawn in one share of the rows after the other", () => {
  const needed = { from: 5, to: 9 };

  const first = nextShares([BEFORE, BEFORE, BEFORE], WANTED, needed);
  const second = nextShares(first, WANTED, needed);
  const third = nextShares(second, WANTED, needed);

  expect(first).toEqual([WANTED, BEFORE, BEFORE]);
  expect(second).toEqual([WANTED, WANTED, BEFORE]);
  expect(third).toEqual([WANTED, WANTED, WANTED]);
  expect([first, second, third].map((shown) => areAll(shown, WANTED))).toEqual([false, false, true]);
});

test("no row waits for a column that is in sight already", () => {
  expect(nextShares([BEFORE, WANTED, BEFORE], WANTED, { from: 5, to: 10 })).toEqual([WANTED, WANTED, WANTED]);
});

test("nothing is drawn anew where all rows have their columns", () => {
  const shown = [WANTED, { ...WANTED }];

  expect(nextShares(shown, WANTED, { from: 5, to: 9 })).toBe(shown);
});
