import { expect, test } from "vitest";
import { differs, fieldOf, fiveNumbers, isNumeric, numberOf, ordered, shares, varies } from "./fields";

test("a column is named by its kind and its key, which may hold dots", () => {
  const field = fieldOf("metrics.val.loss", [1]);

  expect([field.kind, field.key]).toEqual(["metrics", "val.loss"]);
});

test("a value that one run lacks is a difference", () => {
  expect(differs(fieldOf("params.lr", ["1", "1"]))).toBe(false);
  expect(differs(fieldOf("params.lr", ["1", null]))).toBe(true);
});

test("what some runs lack varies only if the others differ in it", () => {
  expect(varies(fieldOf("params.optimizer", ["sgd", null, "sgd"]))).toBe(false);
  expect(varies(fieldOf("params.lr", ["1", null, "2"]))).toBe(true);
});

test("the metrics of validation stand first, those of the system last", () => {
  const fields = ["metrics.system/cpu", "metrics.train/loss", "metrics.val/loss", "params.lr"].map((column) =>
    fieldOf(column, []),
  );

  expect(ordered(fields).map(({ key }) => key)).toEqual(["lr", "val/loss", "train/loss", "system/cpu"]);
});

test("shares come with the most frequent value first", () => {
  expect(shares(fieldOf("params.a", ["x", "y", "x", null]))).toEqual([
    { value: "x", runs: 2 },
    { value: null, runs: 1 },
    { value: "y", runs: 1 },
  ]);
});

test("a param is a number if all its texts are", () => {
  expect(isNumeric(fieldOf("params.lr", ["1e-3", " 2 ", null]))).toBe(true);
  expect(isNumeric(fieldOf("params.lr", ["1e-3", "auto"]))).toBe(false);
  expect(isNumeric(fieldOf("params.lr", [null, null]))).toBe(false);
  expect(isNumeric(fieldOf("params.lr", ["", "1"]))).toBe(false);
  expect(numberOf("Infinity")).toBe(Number.POSITIVE_INFINITY);
});

test("five numbers leave out what is no number", () => {
  expect(fiveNumbers([4, Number.NaN, 1, 2, 3, 5])).toEqual([1, 2, 3, 4, 5]);
  expect(fiveNumbers([1, 2])).toEqual([1, 1.25, 1.5, 1.75, 2]);
  expect(fiveNumbers([Number.NaN])).toBeUndefined();
});

test("params come first, metrics last", () => {
  const fields = ["metrics.a", "tags.b", "params.z", "params.c"].map((column) => fieldOf(column, []));

  expect(ordered(fields).map((field) => field.column)).toEqual(["params.c", "params.z", "tags.b", "metrics.a"]);
});
