import { expect, test } from "vitest";
import { FORMAT, queryOf, stateOf, viewIdIn } from "./state";

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

test("a view of a newer page says so", () => {
  expect(() => queryOf({ view_id: ID, format: FORMAT + 1, state: "{}" })).toThrow("newer version");
});

test.each(["{}", "[]", '{"query": 1}', "null"])("%s is no view", (state) => {
  expect(() => queryOf({ view_id: ID, format: FORMAT, state })).toThrow("damaged");
});
