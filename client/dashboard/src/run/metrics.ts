// The metrics of a run: grouped by what stands before the first “/”, those of the system apart.

import type { Run } from "../api/run";

export interface Metric {
  readonly key: string;
  readonly last: number;
  readonly step: number;
  readonly time: number;
}

export interface Group {
  readonly name: string;
  readonly keys: readonly string[];
}

export const SYSTEM = "system";

export function metrics(run: Run): Metric[] {
  const found = (run.data.metrics ?? []).map(({ key, value, step, timestamp }) => ({
    key,
    // NaN and the infinities travel as text.
    last: Number(value),
    step,
    time: timestamp,
  }));
  const rankOf = ({ key }: Metric) => rank(groupOf(key) === SYSTEM ? SYSTEM : "");
  return found.sort((one, other) => rankOf(one) - rankOf(other) || byName(one.key, other.key));
}

/** The keys that contain a text, grouped. What is alone in its group comes first, with what has none; the system last. */
export function grouped(keys: readonly string[], search = ""): Group[] {
  const found = keys.filter(matching(search)).sort(byName);
  const sizes = new Map<string, number>();
  for (const key of found) sizes.set(groupOf(key), (sizes.get(groupOf(key)) ?? 0) + 1);
  const groups = new Map<string, string[]>();
  for (const key of found) {
    const own = groupOf(key);
    const name = own === SYSTEM || (sizes.get(own) ?? 0) > 1 ? own : "";
    groups.set(name, [...(groups.get(name) ?? []), key]);
  }
  return [...groups]
    .map(([name, members]) => ({ name, keys: members }))
    .sort((one, other) => rank(one.name) - rank(other.name) || byName(one.name, other.name));
}

/** Whether all words of a text are in a key. */
export function matching(search: string): (key: string) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return (key) => words.every((word) => key.toLowerCase().includes(word));
}

function groupOf(key: string): string {
  const at = key.indexOf("/");
  return at > 0 ? key.slice(0, at) : "";
}

function rank(group: string): number {
  if (group === "") return 0;
  return group === SYSTEM ? 2 : 1;
}

function byName(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
