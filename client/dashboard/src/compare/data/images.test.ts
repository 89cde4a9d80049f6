import { expect, test } from "vitest";
import { imageAt, imageOf, keysOf, type LoggedImage, stepsOf } from "./images";

const named = (key: string, step: number, logged = 1, end = ".png") =>
  imageOf(`images/${key}+step+${step}+timestamp+${logged}+0af1${end}`);
const images = [named("val~a", 0), named("val~a", 5), named("val~a", 5, 1, "+compressed.webp"), named("b", 2)].filter(
  (image): image is LoggedImage => image !== undefined,
);

test("keys and steps are listed once, in order", () => {
  expect(keysOf(images)).toEqual(["b", "val/a"]);
  expect(stepsOf(images, "val/a")).toEqual([0, 5]);
});

test("the last image up to a step is shown, the small one of two", () => {
  expect(imageAt(images, "val/a", 4)?.step).toBe(0);
  expect(imageAt(images, "val/a", 9)).toMatchObject({ step: 5, isSmall: true });
  expect(imageAt(images, "b", 1)).toBeUndefined();
});
