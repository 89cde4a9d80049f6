import { expect, test } from "vitest";
import { FORMAT, queryOf, stateOf, viewIdIn, withOthersOf } from "./state";

const ID = "a".repeat(32);

test("a view gives the address that was saved, and names itself in it", () => {
  const query = new URLSearchParams([
    ["filter", "params.`a` = 'ü&'"],
    ["saved", "b".repeat(32)],
  ]);

  const found = queryOf({ view_id: ID, format: FORMAT, state: stateOf(query) });

  expect(found.get("filter")).toBe("params.`a` = 'ü&'");
  expect(viewIdIn(found)).toBe(ID);
});

test("what is open and selected is no part of a view, and stays when another one of its parts changes", () => {
  const query = new URLSearchParams([
    ["filter", "metrics.loss < 1"],
    ["saved", ID],
    ["open", "group 1"],
    ["selected", "b".repeat(32)],
  ]);

  expect(stateOf(query)).toBe(stateOf(new URLSearchParams({ filter: "metrics.loss < 1" })));
  expect([...withOthersOf(query, new URLSearchParams({ filter: "" })).keys()]).toEqual([
    "filter",
    "saved",
    "open",
    "selected",
  ]);
});

test("a view of a newer page says so", () => {
  expect(() => queryOf({ view_id: ID, format: FORMAT + 1, state: "{}" })).toThrow("newer version");
});

test.each(["{}", "[]", '{"query": 1}', "null", "", "{", "<b>"])("%s is no view", (state) => {
  expect(() => queryOf({ view_id: ID, format: FORMAT, state })).toThrow("damaged");
});
