import { expect, test } from "vitest";
import { readOptions, writeRange } from "./options";

function options(query: string) {
  return readOptions(new URLSearchParams(query));
}

test("an address without options shows all by step", () => {
  expect(options("")).toEqual({
    ...{ search: "", axis: "step", chart: "", range: undefined },
    looks: { isLogX: false, isLogY: false, smoothing: 0 },
  });
});

test("options that make no sense are left out", () => {
  expect(options("x=colour&smooth=7&from=5&to=5")).toMatchObject({
    axis: "step",
    range: undefined,
    looks: { smoothing: 0.99 },
  });
  expect(options("smooth=no&x=time&logx=1").looks).toEqual({ isLogX: false, isLogY: false, smoothing: 0 });
});

test("a range that is written is read as it was", () => {
  const range = { from: -1.5, to: 1_795_950_223_705 };

  expect(options(`${new URLSearchParams(writeRange(range))}`).range).toEqual(range);
  expect(writeRange(undefined)).toEqual({ from: "", to: "" });
});
