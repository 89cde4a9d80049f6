import { expect, test } from "vitest";
import { formatKeys, MOST_SIGNS, parseKeys } from "./keyset";

test.each([[[]], [["group"]], [["a".repeat(32), "group 0.1", "group ü, 50 % %2C", "group "]]])(
  "%j comes back from the address",
  (keys) => {
    expect([...parseKeys(formatKeys(new Set(keys)))]).toEqual(keys);
  },
);

test("what is too long for an address stays out of it as a whole", () => {
  const ids = Array.from({ length: 100 }, (_, at) => String(at).padStart(32, "0"));

  expect(formatKeys(new Set(ids))).toBe("");
  expect(formatKeys(new Set(ids.slice(0, 60))).length).toBeLessThanOrEqual(MOST_SIGNS);
  expect(parseKeys(formatKeys(new Set(ids.slice(0, 60)))).size).toBe(60);
});
