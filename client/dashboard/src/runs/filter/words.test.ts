import { expect, test } from "vitest";
import { words } from "./words";

const kinds = (filter: string) => words(filter).map(({ kind, text }) => `${kind} ${text}`);

test("a filter is names, operators, values and AND", () => {
  expect(kinds("metrics.loss<0.5 and params.`a b` = 'x y'")).toEqual([
    "name metrics.loss",
    "operator <",
    "value 0.5",
    "and and",
    "name params.`a b`",
    "operator =",
    "value 'x y'",
  ]);
});

test("lists and questions for nothing are there too", () => {
  expect(kinds("run_id NOT IN ('a', 'b') AND tags.team is not null")).toEqual([
    "name run_id",
    "operator NOT IN",
    "value ('a', 'b')",
    "and AND",
    "name tags.team",
    "operator is not null",
  ]);
});

test("what has no end yet is open", () => {
  expect(kinds("params.x = 'ab")).toEqual(["name params.x", "operator =", "open 'ab"]);
  expect(kinds("metrics.`va")).toEqual(["open metrics.`va"]);
  expect(kinds(") x")).toEqual(["open ) x"]);
});

test("words know their places", () => {
  expect(words("  a = 1").map(({ from, to }) => [from, to])).toEqual([
    [2, 3],
    [4, 5],
    [6, 7],
  ]);
});
