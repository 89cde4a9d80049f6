import { expect, test } from "vitest";
import { safeLink } from "./links";

test.each([
  ["https://example.org/a?b#c", "https://example.org/a?b#c"],
  ["mailto:a@example.org", "mailto:a@example.org"],
  ["javascript:alert(1)", undefined],
  [" JaVaScRiPt:alert(1)", undefined],
  ["java\nscript:alert(1)", undefined],
  ["data:text/html,x", undefined],
  ["blob:https://example.org/1", undefined],
  ["plot.png", undefined],
  ["//example.org", undefined],
])("%j leads to %j", (address, link) => {
  expect(safeLink(address)).toBe(link);
});
