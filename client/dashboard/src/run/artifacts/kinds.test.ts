import { expect, test } from "vitest";
import { kindOf, textOf, typeOf } from "./kinds";

test.each([
  ["a/plot.PNG", "image"],
  ["model/MLmodel", "text"],
  ["x.tar.gz", "unknown"],
  ["eval.parquet", "parquet"],
  ["a.b/noending", "unknown"],
  ["page.html", "html"],
  ["beep.wav", "audio"],
  ["changes.patch", "patch"],
  ["x.constructor", "unknown"],
  ["x.__proto__", "unknown"],
])("%s is of the kind %s", (path, kind) => {
  expect(kindOf(path)).toBe(kind);
});

test("a page or a script gets no type that the browser would run", () => {
  expect([typeOf("a.html"), typeOf("a.js"), typeOf("a")]).toEqual(Array(3).fill("application/octet-stream"));
});

test("text is told from other bytes, also where its last character is cut", () => {
  const bytes = new TextEncoder().encode("né漢");

  expect(textOf(bytes.buffer)).toBe("né漢");
  expect(textOf(bytes.slice(0, -1).buffer)).toBe("né");
  expect(textOf(new Uint8Array([104, 0xe9, 108, 108, 111]).buffer)).toBeUndefined();
  expect(textOf(new Uint8Array([1, 0, 2]).buffer)).toBeUndefined();
  expect(textOf(new ArrayBuffer(0))).toBe("");
});
