import { expect, test } from "vitest";
import type { Token } from "../api/access";
import { ordered, stateOf } from "./rules";

function token(id: string, fields: Partial<Token>): Token {
  return {
    token_id: id,
    owner: "ada",
    label: id,
    scopes: ["all"],
    created: 0,
    created_by: "ada",
    parents: [],
    expires: 100,
    ...fields,
  };
}

test("a token is valid until it expires or is revoked", () => {
  expect(stateOf(token("a", {}), 99)).toBe("valid");
  expect(stateOf(token("a", {}), 100)).toBe("expired");
  expect(stateOf(token("a", { revoked: 5 }), 10)).toBe("revoked");
});

test("valid tokens come first, the newest of them first", () => {
  const tokens = [
    token("old", { created: 1 }),
    token("gone", { created: 9, revoked: 10 }),
    token("new", { created: 5 }),
  ];

  expect(ordered(tokens, 50).map((each) => each.token_id)).toEqual(["new", "old", "gone"]);
});
