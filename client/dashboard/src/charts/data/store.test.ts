import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Curve, SeriesQuestion } from "../../api/curves";
import { SeriesStore } from "./store";

const X = Float64Array.of(1);

function answering() {
  const asked: SeriesQuestion[] = [];
  const ask = async (question: SeriesQuestion) => {
    asked.push(question);
    const curves = question.runs.flatMap((run) =>
      question.keys.map((key): Curve => ({ run, key, exact: true, start: X, end: X, last: X, min: X, max: X })),
    );
    return { curves, left: [], since: "s", missingRuns: [], missingKeys: [] };
  };
  return { asked, ask };
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `n${at}`);
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("metrics that are wanted together are asked for together, once", async () => {
  const { asked, ask } = answering();
  const store = new SeriesStore(ask, ["r"], "step", 512);

  for (const key of ["a", "b", "a"]) store.look(key);
  await vi.advanceTimersByTimeAsync(100);
  store.look("a");
  await vi.advanceTimersByTimeAsync(100);

  expect(asked.map(({ keys }) => keys)).toEqual([["a", "b"]]);
  expect(store.shown("b").isAnswered).toBe(true);
  expect([...store.shown("b").curves.keys()]).toEqual(["r"]);
});

test("a question holds as many runs and metrics as the server takes", async () => {
  const { asked, ask } = answering();
  const store = new SeriesStore(ask, names(250), "step", 512);

  for (const key of names(60)) store.look(key);
  await vi.advanceTimersByTimeAsync(100);

  expect(asked.map(({ runs, keys }) => [runs.length, keys.length]).sort()).toEqual([
    [100, 10],
    [100, 10],
    [100, 50],
    [100, 50],
    [50, 10],
    [50, 50],
  ]);
  expect(store.shown("n59").curves.size).toBe(250);
});

test("what nobody looks at is not refreshed", async () => {
  const { asked, ask } = answering();
  const store = new SeriesStore(ask, ["r"], "step", 512);
  const leave = store.look("a");
  await vi.advanceTimersByTimeAsync(100);
  store.look("b");
  await vi.advanceTimersByTimeAsync(100);

  leave();
  await store.refresh();

  expect(asked.map(({ keys, since }) => [keys, since])).toEqual([
    [["a"], undefined],
    [["b"], undefined],
    [["b"], "s"],
  ]);
});

test("a range is asked for in whole numbers", async () => {
  const { asked, ask } = answering();

  for (const part of new SeriesStore(ask, ["r"], "step", 512).zoomed("a", 1.5, 7.2)) await part.ask();

  expect(asked[0]).toMatchObject({ keys: ["a"], from: 1, to: 8 });
});

test("what is known is not asked for again, what was stopped is", async () => {
  const { asked, ask } = answering();
  const store = new SeriesStore(ask, ["r"], "step", 512);
  store.look("a");
  await vi.advanceTimersByTimeAsync(100);
  store.look("b");

  store.stop();
  store.look("a");
  store.look("b");
  await vi.advanceTimersByTimeAsync(100);

  expect(asked.map(({ keys }) => keys)).toEqual([["a"], ["b"]]);
});
