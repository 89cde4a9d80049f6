import { expect, test } from "vitest";
import { act, type Doing, type Key } from "./keys";

const key = (name: string, more: Partial<Key> = {}): Key => ({
  key: name,
  altKey: false,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  ...more,
});

function done(pressed: Key, row: number, column = "m.loss"): string {
  let told = "";
  const doing = new Proxy({} as Doing, {
    get:
      (_, name) =>
      (...given: unknown[]) => {
        told = `${String(name)} ${given.join(" ")}`.trim();
      },
  });
  return act(pressed, { row, column: 1 }, column, doing) ? told : "nothing";
}

test.each([
  [key(" "), "select 5 false"],
  [key(" ", { shiftKey: true }), "select 5 true"],
  [key("Enter"), "enter 5"],
  [key("ArrowRight", { altKey: true }), "unfold 5 true"],
  [key("ArrowLeft", { altKey: true }), "unfold 5 false"],
  [key("a", { ctrlKey: true }), "selectAll"],
  [key("c", { metaKey: true }), "copy"],
  [key("Escape"), "clear"],
  [key("x"), "nothing"],
  [key("r", { ctrlKey: true }), "nothing"],
])("a key in a row: %o", (pressed, what) => {
  expect(done(pressed, 5)).toBe(what);
});

test.each([
  [key("Enter"), "sort m.loss"],
  [key(" "), "sort m.loss"],
  [key("ArrowDown", { altKey: true }), "menu m.loss"],
  [key("ContextMenu"), "menu m.loss"],
  [key("ArrowRight", { altKey: true }), "nudge m.loss 1"],
  [key("ArrowLeft", { altKey: true, shiftKey: true }), "widen m.loss -16"],
  [key("x"), "nothing"],
])("a key in the head: %o", (pressed, what) => {
  expect(done(pressed, -1)).toBe(what);
});

test("above the checkboxes all are selected", () => {
  expect(done(key(" "), -1, "")).toBe("selectAll");
  expect(done(key("x"), -1, "")).toBe("nothing");
});
