// The rules of the house that a machine can check: who imports whom, who fetches, and how long a file is.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { expect, test } from "vitest";

// A room imports only from rooms that stand before it; the files beside this one, from all.
const ROOMS = [
  "api",
  "ui",
  "session",
  "app",
  "charts",
  "experiments",
  "views",
  "runs",
  "run",
  "compare",
  "tokens",
  "palette",
];
// `app` shows the pages, so it imports them; they need to know where they are.
const PAGES_OF_APP = "app/pages.tsx";
const ROOT = import.meta.dirname;
const MOST_LINES = 400;
const MOST_FILES = 20;

const paths = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(ts|tsx)$/.test(path) && !path.endsWith(".d.ts"))
  .sort();
const texts = new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]));

function imported(path: string): string[] {
  const found = [...(texts.get(path) ?? "").matchAll(/(?:from|import)\s*\(?"(\.[^"]+)"/g)];
  return found.map((match) => relative(ROOT, normalize(join(ROOT, dirname(path), match[1] ?? ""))));
}

function roomOf(path: string): string {
  return path.includes("/") ? (path.split("/")[0] ?? "") : "";
}

test("every file is in a room", () => {
  expect(new Set(paths.map(roomOf).filter((room) => room && !ROOMS.includes(room)))).toEqual(new Set());
});

test("a room imports only from rooms below it", () => {
  const wrong = paths.flatMap((path) =>
    imported(path)
      .filter(() => roomOf(path) !== "" && path !== PAGES_OF_APP)
      .filter((other) => ROOMS.indexOf(roomOf(other)) > ROOMS.indexOf(roomOf(path)))
      .map((other) => `${path} imports ${other}`),
  );

  expect(wrong).toEqual([]);
});

test("only the transport fetches", () => {
  const fetching = paths.filter((path) =>
    /\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon/.test(texts.get(path) ?? ""),
  );

  expect(fetching.filter((path) => path !== "rooms.test.ts")).toEqual(["api/transport.ts"]);
});

test("no text becomes markup or code", () => {
  const sinks = /innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|\beval\(|new Function/;
  const found = paths.filter((path) => sinks.test(texts.get(path) ?? ""));

  expect(found.filter((path) => path !== "rooms.test.ts")).toEqual([]);
});

test("files and folders are small", () => {
  const long = paths.filter((path) => (texts.get(path) ?? "").split("\n").length > MOST_LINES);
  const folders = [...new Set(paths.map(dirname))];
  const full = folders.filter((folder) => paths.filter((path) => dirname(path) === folder).length > MOST_FILES);

  expect(long).toEqual([]);
  expect(full).toEqual([]);
});

test("a class has one style sheet, so that no page changes another one's looks", () => {
  const sheets = readdirSync(join(ROOT, "styles"));
  const begun = sheets.flatMap((sheet) => {
    const text = readFileSync(join(ROOT, "styles", sheet), "utf8");
    return [...new Set([...text.matchAll(/^(\.[\w-]+) \{/gm)].map((match) => match[1]))];
  });

  expect(begun.filter((name, at) => begun.indexOf(name) < at)).toEqual([]);
});
