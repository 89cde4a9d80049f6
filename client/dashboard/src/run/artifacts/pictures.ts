// Which files of a folder are pictures, and what log_image says of them in their names:
// <key, ~ for />+step+<step>+timestamp+<ms>+<random>.png, and the same with +compressed.webp, which is small.

import type { Entry } from "../../api/artifacts";
import { kindOf, nameOf } from "./kinds";

export interface Picture {
  readonly path: string;
  /** The file to show small, and its size. */
  readonly small: Entry;
  /** What was logged again and again; empty for another file. */
  readonly key: string;
  readonly label: string;
}

// Earlier versions of MLflow wrote % for +, and # for /.
const LOGGED =
  /^(?<key>.+)[+%]step[+%](?<step>-?\d+)[+%]timestamp[+%](?<logged>\d+)[+%][\w-]+?(?<small>[+%]compressed)?\.\w+$/;

/** What log_image says in the name of a file. */
export interface Logged {
  readonly key: string;
  readonly step: number;
  /** In ms since 1970. */
  readonly logged: number;
  readonly isSmall: boolean;
}

export function loggedOf(path: string): Logged | undefined {
  const named = LOGGED.exec(nameOf(path))?.groups;
  if (!named) return undefined;
  const { key = "", step, logged, small } = named;
  return {
    key: key.replaceAll(/[~#]/g, "/"),
    step: Number(step),
    logged: Number(logged),
    isSmall: small !== undefined,
  };
}

/** The pictures in the order of their keys, and then of their steps or names. */
export function picturesOf(entries: readonly Entry[]): Picture[] {
  const found = entries.filter(({ path, isFolder }) => !isFolder && kindOf(path) === "image");
  const smalls = new Map(found.filter(isSmall).map((entry) => [stem(entry.path), entry]));
  const originals = found.filter((entry) => !isSmall(entry));
  return originals
    .map((entry) => picture(entry, smalls.get(stem(entry.path)) ?? entry))
    .sort((one, other) => byName(one.key, other.key) || byName(one.label, other.label));
}

function picture({ path }: Entry, small: Entry): Picture {
  const named = loggedOf(path);
  return named
    ? { path, small, key: named.key, label: `step ${named.step}` }
    : { path, small, key: "", label: nameOf(path) };
}

function isSmall({ path }: Entry): boolean {
  return loggedOf(path)?.isSmall ?? false;
}

function stem(path: string): string {
  return path.replace(/([+%]compressed)?\.\w+$/, "");
}

function byName(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
