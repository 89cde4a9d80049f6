// The colours of lines: a run keeps its colour by its place among the runs. The theme has them.

import type { Colours } from "./shape/svg";

export const COUNT = 12;

const NAMES = Array.from({ length: COUNT }, (_, at) => `--line-${at + 1}`);
let known: { readonly of: string; readonly colours: Colours } | undefined;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** The theme's colours as a canvas takes them. They are read again when the theme changes. */
export function colours(): Colours {
  const of = `${document.documentElement.dataset.theme ?? ""} ${dark.matches}`;
  if (known?.of !== of) known = { of, colours: read() };
  return known.colours;
}

/** Calls back when the colours may have changed. The result ends that. */
export function onColours(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  dark.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    dark.removeEventListener("change", changed);
  };
}

function read(): Colours {
  const probe = document.createElement("span");
  document.body.append(probe);
  const value = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const found = {
    ...{ page: value("--page"), text: value("--text"), quiet: value("--quiet"), grid: value("--line") },
    lines: NAMES.map(value),
  };
  probe.remove();
  return found;
}

/** How a line's colour is named in styles. */
export function colourName(at: number): string {
  return `var(${NAMES[at % COUNT]})`;
}
