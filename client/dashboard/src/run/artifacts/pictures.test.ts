import { expect, test } from "vitest";
import { loggedOf, picturesOf } from "./pictures";

function entries(...paths: string[]) {
  return paths.map((path) => ({ path, isFolder: path.endsWith("/"), size: 1 }));
}

test("pictures are in the order of their numbers, without folders and other files", () => {
  const found = picturesOf(entries("a/step10.png", "a/step9.png", "a/x.png/", "a/notes.txt"));

  expect(found.map(({ path }) => path)).toEqual(["a/step9.png", "a/step10.png"]);
});

test.each(["+", "%"])("what was logged at steps is named by them, and shown small, parted by %s", (mark) => {
  const name = (step: number) => `images/val~mask${["", "step", step, "timestamp", 1795950223705, "0a1b"].join(mark)}`;

  const found = picturesOf(
    entries(
      `${name(10)}.png`,
      `${name(10)}${mark}compressed.webp`,
      `${name(2)}.png`,
      `${name(2)}${mark}compressed.webp`,
    ),
  );

  expect(found.map(({ key, label, path, small }) => [key, label, path, small.path])).toEqual([
    ["val/mask", "step 2", `${name(2)}.png`, `${name(2)}${mark}compressed.webp`],
    ["val/mask", "step 10", `${name(10)}.png`, `${name(10)}${mark}compressed.webp`],
  ]);
});

test("a picture without a small one is its own", () => {
  expect(picturesOf(entries("plot.png"))[0]?.small.path).toBe("plot.png");
});

test("the name of a logged image says key, step and time, as older versions of MLflow wrote it too", () => {
  expect(loggedOf("images/val~a+step+5+timestamp+17+0af1.png")).toEqual({
    key: "val/a",
    step: 5,
    logged: 17,
    isSmall: false,
  });
  expect(loggedOf("images/val#a%step%3%timestamp%9%0af1%compressed.webp")).toMatchObject({
    key: "val/a",
    isSmall: true,
  });
});

test.each(["model/MLmodel", "images/plot.png", "images/a+step+x+timestamp+1+0.png"])(
  "%s is no logged image",
  (path) => {
    expect(loggedOf(path)).toBeUndefined();
  },
);
