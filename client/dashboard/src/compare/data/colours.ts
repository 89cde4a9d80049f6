// The colour of a run: by a number, from one end of a scale to the other, or the same for all.

/** `place` is from 0 to 1; what has none is quiet. The colours are the page's, in light and dark. */
export function colourAt(place: number | undefined): string {
  if (place === undefined || Number.isNaN(place)) return "var(--quiet)";
  const share = Math.round(Math.min(Math.max(place, 0), 1) * 100);
  return `color-mix(in oklch, var(--scale-high) ${share}%, var(--scale-low))`;
}
