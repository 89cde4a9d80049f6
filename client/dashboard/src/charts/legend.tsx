// The names of a chart's lines, to hide and show them. A list is bounded: the cursor names the others.

import type { Signal } from "@preact/signals";
import { colourName } from "./colours";
import type { Labelled } from "./shape/view";

const MOST = 24;

interface Props {
  readonly lines: readonly Labelled[];
  readonly hidden: Signal<ReadonlySet<string>>;
  readonly marked: Signal<string | undefined>;
}

export function Legend({ lines, hidden, marked }: Props) {
  const toggle = (id: string) => {
    const next = new Set(hidden.value);
    if (!next.delete(id)) next.add(id);
    hidden.value = next;
  };
  return (
    <ul class="legend" aria-label="Lines">
      {lines.slice(0, MOST).map(({ id, label, colour }) => (
        <li key={id}>
          <button
            type="button"
            class="plain small"
            aria-pressed={!hidden.value.has(id)}
            onClick={() => toggle(id)}
            onMouseEnter={() => (marked.value = id)}
            onMouseLeave={() => (marked.value = undefined)}
          >
            <span class="swatch" style={{ background: colourName(colour) }} />
            {label}
          </button>
        </li>
      ))}
      {lines.length > MOST && <li class="hint">and {lines.length - MOST} more</li>}
    </ul>
  );
}
