import { expect, test } from "vitest";
import { packageDifferences, patchDifferences } from "./code";

const part = (name: string, line: string) =>
  `diff --git a/${name} b/${name}\n--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-x\n+${line}\n`;

test("packages differ by their version, or are in one of the two alone", () => {
  expect(
    packageDifferences(["numpy==1.26", "torch==2.5", "a==1"], ["torch==2.5", "NumPy==2.0", "b @ git+https://x"]),
  ).toEqual([
    { name: "a", before: "a==1", after: "" },
    { name: "b", before: "", after: "b @ git+https://x" },
    { name: "numpy", before: "numpy==1.26", after: "NumPy==2.0" },
  ]);
});

test("changes that are the same in both are no difference", () => {
  const same = part("a b.py", "same");

  const found = patchDifferences(same + part("b.py", "1"), same + part("b.py", "2") + part("c.py", "3"));

  expect(found.map(({ name }) => name)).toEqual(["b.py", "c.py"]);
  expect(found[0]).toMatchObject({ before: part("b.py", "1"), after: part("b.py", "2") });
  expect(found[1]?.before).toBe("");
});

test("no patch has no parts", () => {
  expect(patchDifferences("", "")).toEqual([]);
});
