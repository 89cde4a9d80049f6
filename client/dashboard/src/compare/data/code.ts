// How the code and the packages of two runs differ, by what was recorded of each (infra/docs/record.md).

import type { Section } from "../../run/overview/record";

export interface Difference {
  readonly name: string;
  /** Empty where it is missing. */
  readonly before: string;
  readonly after: string;
}

/** The facts that differ, by section and name. */
export function factDifferences(before: readonly Section[], after: readonly Section[]): Difference[] {
  return differences(byLabel(before), byLabel(after));
}

/** The packages that differ, by name: `numpy==1.26` and `numpy==2.0`. */
export function packageDifferences(before: readonly string[], after: readonly string[]): Difference[] {
  return differences(byName(before), byName(after));
}

/** The files whose changes differ, each with its part of either patch. */
export function patchDifferences(before: string, after: string): Difference[] {
  return differences(byFile(before), byFile(after));
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Difference[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const all = names.map((name) => ({ name, before: before.get(name) ?? "", after: after.get(name) ?? "" }));
  return all.filter((each) => each.before !== each.after);
}

function byLabel(sections: readonly Section[]): Map<string, string> {
  const facts = sections.flatMap(({ title, facts }) =>
    facts.map(({ label, value }) => [title === label ? title : `${title}: ${label}`, value] as const),
  );
  return new Map(facts);
}

function byName(requirements: readonly string[]): Map<string, string> {
  return new Map(requirements.map((line) => [/^[\w.-]+/.exec(line)?.[0].toLowerCase() ?? line, line]));
}

/** A patch by the files that it changes, whose names stand in the first line of each part. */
function byFile(patch: string): Map<string, string> {
  const parts = patch.split(/^(?=diff --git )/m).filter((part) => part.startsWith("diff --git "));
  return new Map(parts.map((part) => [nameOf(part), part]));
}

function nameOf(part: string): string {
  const line = part.slice("diff --git ".length, part.indexOf("\n"));
  // Both names are the same, with a/ and b/ before them: git is asked for no renames.
  return line.slice(2, (line.length - 1) / 2);
}
