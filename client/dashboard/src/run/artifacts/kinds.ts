// What a file is, by its name, and how much of it is fetched to show it.

export type Kind =
  | "text"
  | "json"
  | "markdown"
  | "csv"
  | "parquet"
  | "image"
  | "audio"
  | "video"
  | "pdf"
  | "html"
  | "patch"
  | "unknown";

const MB = 1_000_000;

/** Bytes: text is cut there, others are not shown beyond it. */
export const MOST: Readonly<Record<Kind, number>> = {
  text: MB,
  json: 5 * MB,
  markdown: MB,
  csv: MB,
  parquet: 30 * MB,
  image: 25 * MB,
  audio: 50 * MB,
  video: 100 * MB,
  pdf: 50 * MB,
  html: 10 * MB,
  patch: MB,
  unknown: 256_000,
};

const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  bmp: "image/bmp",
  ico: "image/x-icon",
  svg: "image/svg+xml",
  wav: "audio/wav",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  flac: "audio/flac",
  m4a: "audio/mp4",
  mp4: "video/mp4",
  webm: "video/webm",
  mov: "video/quicktime",
  pdf: "application/pdf",
};
const KINDS: Readonly<Record<string, Kind>> = {
  json: "json",
  ipynb: "json",
  md: "markdown",
  markdown: "markdown",
  csv: "csv",
  tsv: "csv",
  parquet: "parquet",
  htm: "html",
  html: "html",
  patch: "patch",
  diff: "patch",
};
const TEXTS = new Set(
  "txt log yaml yml toml ini cfg conf py js ts sh sql xml jsonl ndjson r jl c cpp h rs go java lock env".split(" "),
);
const NAMES = new Set(["mlmodel", "dockerfile", "makefile", "license", "readme", "requirements"]);

export function kindOf(path: string): Kind {
  const ending = endingOf(path);
  const type = known(TYPES, ending);
  if (type) return type === "application/pdf" ? "pdf" : (type.split("/")[0] as Kind);
  const named = known(KINDS, ending);
  if (named) return named;
  return TEXTS.has(ending) || NAMES.has(nameOf(path).toLowerCase()) ? "text" : "unknown";
}

/** The type by which the browser shows it, of those that run nothing. */
export function typeOf(path: string): string {
  return known(TYPES, endingOf(path)) ?? "application/octet-stream";
}

/** What a table says of an ending. A file may be called `x.constructor`, which every object has. */
function known<Value>(table: Readonly<Record<string, Value>>, ending: string): Value | undefined {
  return Object.hasOwn(table, ending) ? table[ending] : undefined;
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function endingOf(path: string): string {
  const name = nameOf(path).toLowerCase();
  const at = name.lastIndexOf(".");
  return at < 0 ? "" : name.slice(at + 1);
}

/** Whether bytes are text in UTF-8; their last character may be cut. */
export function textOf(bytes: ArrayBuffer): string | undefined {
  const all = new Uint8Array(bytes);
  if (all.includes(0)) return undefined;
  for (let cut = 0; cut <= Math.min(3, all.length); cut++) {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(all.subarray(0, all.length - cut));
    } catch {}
  }
  return undefined;
}
