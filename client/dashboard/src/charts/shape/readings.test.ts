import { expect, test } from "vitest";
import type { Curve } from "../../api/curves";
import { readingsAt } from "./readings";
import { prepared } from "./view";

function lines(...values: number[]) {
  const x = Float64Array.of(5);
  const shown = values.map((value, at) => {
    const column = Float64Array.of(value);
    const curve: Curve = {
      ...{ run: `${at}`, key: "k", exact: true, start: x, end: x },
      last: column,
      min: column,
      max: column,
    };
    return { id: `${at}`, label: `run ${at}`, colour: at, curve };
  });
  return prepared(shown, 0);
}

const RANGE = { from: 0, to: 10 };

test("all lines are read, the highest first", () => {
  const { shown, closest } = readingsAt(lines(1, Number.NaN, 3), 5, 1.2, RANGE, 10);

  expect(shown.map(({ label }) => label)).toEqual(["run 2", "run 0", "run 1"]);
  expect(closest).toBe("0");
});

test("of many lines those nearest to the cursor are read", () => {
  const { shown, more } = readingsAt(lines(1, 2, 3, 4, 5), 5, 3.1, RANGE, 2);

  expect([shown.map(({ value }) => value), more]).toEqual([[4, 3], 3]);
});

test("a line that is far away says nothing", () => {
  expect(readingsAt(lines(1), 9, 1, RANGE, 10)).toEqual({ shown: [], more: 0, closest: undefined });
});
