import { expect, test } from "vitest";
import { Together } from "./together";

test("questions of one moment are asked as one, in portions", async () => {
  const asked: string[][] = [];
  const together = new Together(async (keys) => {
    asked.push(keys);
    return keys.map((key) => key.toUpperCase());
  }, 2);

  const answers = await Promise.all(["a", "b", "c"].map((key) => together.ask(key)));
  const later = await together.ask("d");

  expect([...answers, later]).toEqual(["A", "B", "C", "D"]);
  expect(asked).toEqual([["a", "b"], ["c"], ["d"]]);
});

test("a failure is that of all who asked", async () => {
  const together = new Together<string>(() => Promise.reject(new Error("away")), 9);

  const both = await Promise.allSettled([together.ask("a"), together.ask("b")]);

  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

test("a key without an answer fails", async () => {
  await expect(new Together(async () => [], 9).ask("a")).rejects.toThrow("no answer for a");
});
