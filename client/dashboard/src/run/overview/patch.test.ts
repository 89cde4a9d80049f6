import { expect, test } from "vitest";
import { readPatch } from "./patch";

const PATCH = [
  "diff --git a/a.py b/a.py",
  "index 1..2 100644",
  "--- a/a.py",
  "+++ b/a.py",
  "@@ -1,3 +1,3 @@ def f():",
  " same",
  "-old",
  "--- looks like a header",
  "+new",
  "diff --git a/b.py b/b.py",
  "+++ b/b.py",
  "",
].join("\n");

test("each line of a patch has its kind", () => {
  const { lines, added, removed, files } = readPatch(PATCH);

  expect(lines.map(({ kind }) => kind)).toEqual([
    ...["file", "about", "about", "about", "hunk", "same", "removed", "removed", "added", "file", "about"],
  ]);
  expect([added, removed, files]).toEqual([1, 2, 2]);
});

test("a long patch is cut, and counted whole", () => {
  const patch = readPatch(`@@ -0,0 +1,50 @@\n${"+x\n".repeat(50)}`, 10);

  expect([patch.lines.length, patch.added, patch.isCut]).toEqual([10, 50, true]);
});

test("an empty patch has no line", () => {
  expect(readPatch("")).toEqual({ lines: [], added: 0, removed: 0, files: 0, isCut: false });
});
