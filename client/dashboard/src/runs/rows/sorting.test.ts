import { expect, test } from "vitest";
import { sorted, sortOf } from "./sorting";
import { tableOf } from "./table";

const table = tableOf([
  [
    {
      ids: ["a", "b", "c", "d", "e"],
      columns: {
        "metrics.loss@min": [0.5, null, 0.1, Number.NaN, 10],
        "attributes.start_time": [100, 100, 100, 100, 100],
        "attributes.end_time": [103, 0, 101, 109, 102],
      },
      cursor: "",
      next: "",
    },
  ],
]);
const order = (id: string, isDescending = false) => {
  const sort = sortOf({ id, isDescending });
  return sort && sorted(table, sort);
};

test("what the server orders by is left to it", () => {
  expect(sortOf({ id: "m.loss", isDescending: true })).toBeUndefined();
  expect(sortOf({ id: "p.lr", isDescending: false })).toBeUndefined();
  expect(sortOf(undefined)).toBeUndefined();
});

test("the lowest value of a metric orders the runs, and what has none comes last either way", () => {
  expect(order("m.loss@min")?.ids).toEqual(["c", "a", "e", "b", "d"]);
  expect(order("m.loss@min", true)?.ids).toEqual(["e", "a", "c", "b", "d"]);
});

test("values go with their runs", () => {
  const found = order("m.loss@min");

  expect(found?.values.get("metrics.loss@min")).toEqual([0.1, 0.5, 10, null, Number.NaN]);
  expect(found?.at.get("e")).toBe(2);
});

test("the length of a run orders those that have ended", () => {
  expect(order("duration", true)?.ids).toEqual(["d", "a", "e", "c", "b"]);
});
