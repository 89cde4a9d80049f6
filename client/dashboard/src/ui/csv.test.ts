import { expect, test } from "vitest";
import { csv } from "./csv";

test("fields are apart by commas, lines by CRLF, and nothing is nothing", () => {
  expect(
    csv([
      ["name", "loss"],
      ["a", 0.5],
      [null, Number.NaN],
    ]),
  ).toBe("name,loss\r\na,0.5\r\n,NaN\r\n");
});

test("a field with a comma, a quote or a line break is in quotes", () => {
  expect(csv([["a,b", 'say "so"', "two\nlines", " blank"]])).toBe('"a,b","say ""so""","two\nlines"," blank"\r\n');
});

test.each(["=1+1", "+SUM(A1)", "-cmd|'/c calc'!A0", "@x", "\t=1", "--1"])("%s cannot run as a formula", (text) => {
  expect(csv([[text]])).toMatch(/^"?'/);
});

test("numbers stay numbers, also those that are texts", () => {
  expect(csv([[-1.5, "-3", "+2e-5", "-.5"]])).toBe("-1.5,-3,+2e-5,-.5\r\n");
});
