import { expect, test } from "vitest";
import { type Picture, svgOf } from "./svg";
import { prepared } from "./view";

const X = Float64Array.of(0, 10);
const CURVE = { run: "r", key: "k", exact: true, start: X, end: X, last: X, min: X, max: X };
const LOOKS = { isLogX: false, isLogY: false, smoothing: 0 };

function picture(labels: readonly string[], more: Partial<Picture> = {}): Picture {
  const shown = labels.map((label, at) => ({ id: `${at}`, label, colour: at, curve: CURVE }));
  return {
    ...{ title: "loss", width: 400, height: 200, axis: "step", looks: LOOKS, lines: prepared(shown, 0) },
    ...{ range: { from: 0, to: 10 }, spread: { from: 0, to: 10 } },
    colours: { page: "white", text: "black", quiet: "grey", grid: "silver", lines: ["red", "blue"] },
    ...more,
  };
}

test("a chart has its title, its marks and a path for each line", () => {
  const svg = svgOf(picture(["a", "b", "c"]));

  expect(svg).toContain(">loss</text>");
  expect(svg.match(/stroke-width="1.5"/g)?.length).toBe(3);
  expect(svg).toContain('d="M64 172L388 32"');
  expect(svg).toContain('stroke="red"');
});

test("one line needs no legend", () => {
  expect(svgOf(picture(["only"]))).not.toContain("only");
  expect(svgOf(picture(["only", "two"]))).toContain(">only</text>");
});

test("no name becomes markup", () => {
  const svg = svgOf(picture(["<script>alert(1)</script>", '"&\u0000'], { title: "<a href='x'>" }));

  expect(svg).not.toMatch(/<script|<a /);
  expect(svg).toContain("&lt;script&gt;");
  expect(svg).not.toContain("\u0000");
});
