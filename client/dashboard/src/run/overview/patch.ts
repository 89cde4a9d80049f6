// A patch of git as lines to be coloured.

export type Kind = "file" | "hunk" | "added" | "removed" | "same" | "about";

export interface PatchLine {
  readonly kind: Kind;
  readonly text: string;
}

export interface Patch {
  readonly lines: readonly PatchLine[];
  readonly added: number;
  readonly removed: number;
  readonly files: number;
  /** Whether there are more lines than are shown. */
  readonly isCut: boolean;
}

export const MOST_LINES = 2_000;

export function readPatch(text: string, most = MOST_LINES): Patch {
  const all = text.split("\n");
  if (all.at(-1) === "") all.pop();
  const lines: PatchLine[] = [];
  let isInHunk = false;
  for (const each of all) {
    const kind = kindOf(each, isInHunk);
    if (kind === "file") isInHunk = false;
    if (kind === "hunk") isInHunk = true;
    lines.push({ kind, text: each });
  }
  const count = (kind: Kind) => lines.filter((line) => line.kind === kind).length;
  const isCut = lines.length > most;
  return { lines: lines.slice(0, most), added: count("added"), removed: count("removed"), files: count("file"), isCut };
}

function kindOf(line: string, isInHunk: boolean): Kind {
  if (line.startsWith("diff ")) return "file";
  if (line.startsWith("@@")) return "hunk";
  if (!isInHunk) return "about";
  if (line.startsWith("+")) return "added";
  if (line.startsWith("-")) return "removed";
  return "same";
}
