import { expect, test } from "vitest";
import { loading, registering } from "./snippets";

test("a model with pickles is loaded with trust", () => {
  expect(loading("http://here", "m-1", true)).toContain('model = cumulog.load_model("models:/m-1", trust=True)');
  expect(loading("http://here", "m-1", false)).toContain('model = cumulog.load_model("models:/m-1")');
});

test("a name with quotes stays a text", () => {
  expect(registering("http://here", "m-1", 'a"b').at(-1)).toBe('cumulog.register_model("models:/m-1", "a\\"b")');
});
