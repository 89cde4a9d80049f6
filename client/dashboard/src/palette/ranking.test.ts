import { expect, test } from "vitest";
import { ranked, runIdIn, score } from "./ranking";

const titles = (letters: string, ...all: string[]) =>
  ranked(
    letters,
    all.map((title) => ({ title })),
  ).map(({ title }) => title);

test("letters match in their order", () => {
  expect(score("exp", "Experiments")).toBeGreaterThan(0);
  expect(score("pxe", "Experiments")).toBe(0);
});

test("beginnings of words come before letters inside of them", () => {
  expect(titles("st", "last", "sweep of transformers", "master")).toEqual(["sweep of transformers", "last", "master"]);
});

test("letters in a row come before scattered ones, and short titles before long ones", () => {
  expect(titles("loss", "l-o-s-s elsewhere", "loss")[0]).toBe("loss");
  expect(titles("run", "run a very long name of a thing", "run")[0]).toBe("run");
});

test("nothing typed leaves all in their order", () => {
  expect(titles("", "b", "a")).toEqual(["b", "a"]);
});

test("a run's id is found in what was pasted", () => {
  const id = "0123456789abcdef".repeat(2);

  expect(runIdIn(id)).toBe(id);
  expect(runIdIn(` runs:/${id.toUpperCase()}/model `)).toBe(id);
  expect(runIdIn(`${id}0`)).toBeUndefined();
  expect(runIdIn("loss")).toBeUndefined();
});
