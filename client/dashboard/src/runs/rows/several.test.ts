import { expect, test } from "vitest";
import { forEach } from "./several";

test("each is done, a few at a time", async () => {
  const done: string[] = [];
  let [now, most] = [0, 0];

  await forEach(
    ["a", "b", "c", "d", "e", "f"],
    async (id) => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      done.push(id);
    },
    () => undefined,
  );

  expect(done.sort()).toEqual(["a", "b", "c", "d", "e", "f"]);
  expect(most).toBe(4);
});

test("the first failure ends it, and says how far it came", async () => {
  let told: readonly string[] = [];
  const what = async (id: string) => {
    if (id === "bad") throw new Error("Permission denied.");
  };

  const failing = forEach(["a", "b", "bad", "c", ...Array.from({ length: 50 }, () => "x")], what, (done) => {
    told = done;
  });

  await expect(failing).rejects.toThrow(/^Permission denied\. \d+ of 54 are done; the other \d+ stay selected\.$/);
  await expect(failing).rejects.toThrow(`${told.length} of 54 are done; the other ${54 - told.length} stay`);
  expect(told.slice(0, 2)).toEqual(["a", "b"]);
  expect(told.length).toBeLessThan(10);
});
