// Keys of lines, or ids of runs, as an address has them.

/** What is longer than this stays out of the address: it would show a part as if it were all. */
export const MOST_SIGNS = 2_000;

export type Keys = ReadonlySet<string>;

export function formatKeys(keys: Keys): string {
  const text = [...keys].map(escaped).join(",");
  return text.length > MOST_SIGNS ? "" : text;
}

export function parseKeys(text: string): Keys {
  return new Set(text.slice(0, MOST_SIGNS).split(",").filter(Boolean).map(unescaped));
}

function escaped(key: string): string {
  return key.replace(/[%,]/g, (sign) => (sign === "%" ? "%25" : "%2C"));
}

function unescaped(text: string): string {
  return text.replace(/%2(5|C)/g, (_, sign: string) => (sign === "5" ? "%" : ","));
}
