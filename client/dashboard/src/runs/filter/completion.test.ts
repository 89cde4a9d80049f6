import { expect, test } from "vitest";
import { completed, completion, type Known } from "./completion";

const counted = (...keys: string[]) => keys.map((key) => ({ key, runs: 3 }));
const KNOWN: Known = {
  names: {
    runs: 3,
    is_sample: false,
    metrics: counted("loss", "val/loss"),
    params: counted("lr", "optimizer"),
    tags: counted("team"),
    left_out: { metrics: 0, params: 0, tags: 0 },
  },
  valuesOf: (name) => (name === "params.optimizer" ? ["adam", "it's", "'\""] : []),
};
const offered = (filter: string, caret = filter.length) =>
  completion(filter, caret, KNOWN).options.map(({ text }) => text);

test("a filter begins with a name", () => {
  expect(offered("")).toContain("metrics.`val/loss`");
  expect(offered("")).toContain("attributes.status");
  expect(offered("metrics.loss < 1 AND ")).toContain("tags.team");
});

test("names are found by any part of them, those that begin with it first", () => {
  expect(offered("loss")).toEqual(["metrics.loss", "metrics.`val/loss`"]);
  expect(offered("metrics.val")).toEqual(["metrics.`val/loss`"]);
  expect(offered("metrics.`val/l")).toEqual(["metrics.`val/loss`"]);
});

test("an operator follows a name, as its type has them", () => {
  expect(offered("metrics.loss ")).toEqual(["<", "<=", ">", ">=", "=", "!="]);
  expect(offered("params.lr ")).toEqual(["=", "!=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL"]);
  expect(offered("start_time ")).toContain("<=");
  expect(offered("attributes.run_id N")).toEqual(["NOT IN", "IN"]);
  expect(offered("params.lr LI")).toEqual(["LIKE", "ILIKE"]);
});

test("a value follows an operator, in quotes that it does not hold", () => {
  expect(offered("params.optimizer = ")).toEqual(["'adam'", '"it\'s"']);
  expect(offered("params.optimizer = 'ad")).toEqual(["'adam'"]);
  expect(offered("status = 'RUN")).toEqual(["'RUNNING'"]);
  expect(offered("metrics.loss < ")).toEqual([]);
});

test("AND follows a value, and a question for nothing", () => {
  expect(offered("metrics.loss < 1 ")).toEqual(["AND"]);
  expect(offered("tags.team IS NULL ")).toEqual(["AND"]);
});

test("what is taken replaces what was typed, and leaves the rest", () => {
  const filter = "metrics.l < 1";
  const found = completion(filter, 9, KNOWN);

  expect(completed(filter, found, { text: "metrics.loss", hint: "" })).toEqual({
    text: "metrics.loss < 1",
    caret: 13,
  });
});

test("what is taken stands apart from an operator before it", () => {
  const filter = "params.optimizer=";
  const found = completion(filter, filter.length, KNOWN);

  expect(completed(filter, found, { text: "'adam'", hint: "" }).text).toBe("params.optimizer= 'adam' ");
});

test("a long list is cut", () => {
  const many = counted(...Array.from({ length: 2_000 }, (_, at) => `m${at}`));
  const names = KNOWN.names && { ...KNOWN.names, metrics: many };

  expect(completion("", 0, { ...KNOWN, names }).options).toHaveLength(50);
});
