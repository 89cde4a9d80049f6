// Which titles a few typed letters mean, the best first.

// A match at the start of a word says more than one inside, and letters in a row more than scattered ones.
const START = 3;
const ROW = 4;

/** How well letters, in their order, lie in a title; 0 if they do not. */
export function score(letters: string, title: string): number {
  const wanted = letters.toLowerCase().replaceAll(/\s+/g, "");
  const text = title.toLowerCase();
  let sum = 0;
  let before = -2;
  for (const letter of wanted) {
    const at = text.indexOf(letter, before + 1);
    if (at < 0) return 0;
    const isStart = at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? "");
    sum += 1 + (isStart ? START : 0) + (at === before + 1 ? ROW : 0);
    before = at;
  }
  // Of two that match alike the shorter one was meant.
  return sum === 0 ? 1 : sum / (1 + text.length / 200);
}

/** The things whose titles match, the best first, and else in the order given. */
export function ranked<Thing extends { readonly title: string }>(letters: string, things: readonly Thing[]): Thing[] {
  const scored = things.map((thing) => ({ thing, score: score(letters, thing.title) }));
  return scored
    .filter((each) => each.score > 0)
    .sort((one, other) => other.score - one.score)
    .map((each) => each.thing);
}

/** The id of a run in what was pasted: alone, in a path or in a URL. */
export function runIdIn(text: string): string | undefined {
  return /(?:^|[^0-9a-f])([0-9a-f]{32})(?:$|[^0-9a-f])/.exec(text.trim().toLowerCase())?.[1];
}
