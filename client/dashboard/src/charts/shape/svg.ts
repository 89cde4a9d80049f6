// A chart as a file of SVG. It is made for saving: nothing of it becomes part of the page.

import type { XAxis } from "../../api/curves";
import { ticks, tickText } from "./ticks";
import { type Frame, type Sink, scale, traceBars, traceLine } from "./trace";
import type { Line, Looks, Range } from "./view";

export interface Picture {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly axis: XAxis;
  readonly looks: Looks;
  readonly lines: readonly Line[];
  readonly range: Range;
  readonly spread: Range;
  readonly colours: Colours;
}

export interface Colours {
  readonly page: string;
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly lines: readonly string[];
}

type Attributes = Readonly<Record<string, string | number>>;

const LEFT = 64;
const TOP = 32;
const RIGHT = 12;
const BOTTOM = 28;
const ROW = 16;
const MOST_ROWS = 40;
export const MOST_BANDS = 30;

export function svgOf(picture: Picture): string {
  const { width, height, title, lines, colours } = picture;
  const named = lines.length > 1 ? lines.slice(0, MOST_ROWS) : [];
  const whole = height + named.length * ROW;
  const parts = [
    element("rect", { width, height: whole, fill: colours.page }),
    text(LEFT, 20, title, { fill: colours.text, "font-size": 14, "font-weight": 600 }),
    ...axes(picture),
    ...drawn(picture),
    ...named.map((line, at) => legend(line, height + at * ROW + 4, colours)),
  ];
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height: whole,
    "font-family": "system-ui, sans-serif",
  };
  return element("svg", { ...attributes, "font-size": 11 }, parts.join("\n"));
}

function axes({ width, height, axis, looks, range, spread, colours }: Picture): string[] {
  const toX = scale(range, LEFT, width - RIGHT, looks.isLogX);
  const toY = scale(spread, height - BOTTOM, TOP, looks.isLogY);
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    element("line", { x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2), stroke: colours.grid });
  const across = ticks(axis, range.from, range.to, Math.floor(width / 110), looks.isLogX);
  const up = ticks("value", spread.from, spread.to, Math.floor(height / 50), looks.isLogY);
  const step = (across[1] ?? 0) - (across[0] ?? 0);
  return [
    ...across.flatMap((place) => [
      line(toX(place), TOP, toX(place), height - BOTTOM),
      text(toX(place), height - 10, tickText(axis, place, step), { fill: colours.quiet, "text-anchor": "middle" }),
    ]),
    ...up.flatMap((value) => [
      line(LEFT, toY(value), width - RIGHT, toY(value)),
      text(LEFT - 6, toY(value) + 4, tickText("value", value, 0), { fill: colours.quiet, "text-anchor": "end" }),
    ]),
  ];
}

function drawn({ width, height, looks, lines, range, spread, colours }: Picture): string[] {
  const toX = scale(range, LEFT, width - RIGHT, looks.isLogX);
  const toY = scale(spread, height - BOTTOM, TOP, looks.isLogY);
  const frame = { range, toX, toY };
  const box = { x: LEFT, y: TOP, width: width - LEFT - RIGHT, height: height - TOP - BOTTOM };
  const content = lines.flatMap((line) => {
    const colour = colours.lines[line.colour % colours.lines.length] ?? colours.text;
    const stroke = { fill: "none", stroke: colour, "stroke-linecap": "round", "stroke-linejoin": "round" };
    const behind = line.isSmoothed
      ? [path((sink) => traceLine(sink, line, line.curve.last, frame), { ...stroke, opacity: 0.25 })]
      : lines.length <= MOST_BANDS
        ? [bars(line, frame, { fill: colour, opacity: 0.22 })]
        : [];
    return [...behind, path((sink) => traceLine(sink, line, line.values, frame), { ...stroke, "stroke-width": 1.5 })];
  });
  return [
    element("clipPath", { id: "box" }, element("rect", box)),
    element("g", { "clip-path": "url(#box)" }, content.join("\n")),
  ];
}

function legend(line: Line, y: number, colours: Colours): string {
  const colour = colours.lines[line.colour % colours.lines.length] ?? colours.text;
  return [
    element("rect", { x: LEFT, y: y + 4, width: 12, height: 3, fill: colour }),
    text(LEFT + 20, y + 9, line.label, { fill: colours.text }),
  ].join("");
}

function path(trace: (sink: Sink) => void, attributes: Attributes): string {
  const parts: string[] = [];
  trace({
    moveTo: (x, y) => parts.push(`M${round(x)} ${round(y)}`),
    lineTo: (x, y) => parts.push(`L${round(x)} ${round(y)}`),
  });
  return parts.length ? element("path", { d: parts.join(""), ...attributes }) : "";
}

function bars(line: Line, frame: Frame, attributes: Attributes): string {
  const parts: string[] = [];
  traceBars(line, frame, (x, y, width, height) => parts.push(`M${x} ${y}h${width}v${height}h${-width}z`));
  return parts.length ? element("path", { d: parts.join(""), ...attributes }) : "";
}

function text(x: number, y: number, content: string, attributes: Attributes): string {
  return element("text", { x: round(x), y: round(y), ...attributes }, escaped(content));
}

function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return `<${name}${written.join("")}>${content}</${name}>`;
}

function escaped(content: string): string {
  return (
    content
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML knows no such characters.
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "�")
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
