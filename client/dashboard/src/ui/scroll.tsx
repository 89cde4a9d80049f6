// A part of the page that scrolls by itself, also with the keyboard.

import type { ComponentChildren } from "preact";

const CLASSES = { low: "scroll", high: "scroll both", any: "scroll sideways" } as const;

interface Props {
  readonly label: string;
  /** How much of the window it may fill before it scrolls; of any height it scrolls sideways alone. */
  readonly height?: keyof typeof CLASSES;
  readonly children: ComponentChildren;
}

export function Scroll({ label, height = "any", children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys
    <section class={CLASSES[height]} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
