// A filter as words, as far as it is written: names, operators, values, AND. It takes what is not finished yet.

export type WordKind = "name" | "operator" | "value" | "and" | "open";

export interface Word {
  readonly kind: WordKind;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\w.])/y;
const TEXT = /'[^']*'?|"[^"]*"?/y;
const LIST = /\([^)]*\)?/y;
const OPERATOR = /[<>=!]+|I?LIKE\b|NOT\s+IN\b|IN\b|IS\s+NOT\s+NULL\b|IS\s+NULL\b/iy;
const AND = /AND\b/iy;
const NAME = /(?:[^\s<>=!`'"(),]|`[^`]*`?)+/y;

/** The words of a filter. A text without its end, or what is no word at all, is the last one: `open`. */
export function words(filter: string): readonly Word[] {
  const found: Word[] = [];
  let at = 0;
  while (at < filter.length) {
    if (/\s/.test(filter[at] ?? "")) {
      at += 1;
      continue;
    }
    const word = wordAt(filter, at, found.at(-1)?.kind);
    found.push(word);
    at = word.to;
  }
  return found;
}

function wordAt(filter: string, from: number, before: WordKind | undefined): Word {
  const isValue = before === "operator";
  const tries: readonly (readonly [WordKind, RegExp])[] = isValue
    ? [
        ["value", TEXT],
        ["value", LIST],
        ["value", NUMBER],
        ["and", AND],
        ["name", NAME],
      ]
    : [
        ["and", AND],
        ["operator", OPERATOR],
        ["name", NAME],
      ];
  for (const [kind, pattern] of tries) {
    pattern.lastIndex = from;
    const text = pattern.exec(filter)?.[0];
    if (text) return { kind: isOpen(text) ? "open" : kind, text, from, to: from + text.length };
  }
  return { kind: "open", text: filter.slice(from), from, to: filter.length };
}

function isOpen(text: string): boolean {
  const [first = ""] = text;
  if (first === "(") return !text.endsWith(")");
  if (first === "'" || first === '"') return text.length < 2 || !text.endsWith(first);
  return (text.split("`").length - 1) % 2 === 1;
}
