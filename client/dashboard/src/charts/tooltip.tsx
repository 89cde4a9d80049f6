// What the lines say where the cursor is.

import type { Signal } from "@preact/signals";
import type { XAxis } from "../api/curves";
import { number } from "../ui/format";
import { colourName } from "./colours";
import type { Readings } from "./shape/readings";
import { placeText } from "./shape/ticks";

interface At {
  readonly readings: Readings;
  readonly place: number;
  readonly left: number;
  readonly top: number;
}

export function Tooltip({ at, axis }: { at: Signal<At | undefined>; axis: XAxis }) {
  const { value } = at;
  if (!value?.readings.shown.length) return null;
  const { shown, more, closest } = value.readings;
  const [first] = shown;
  const isAlone = shown.length === 1 && more === 0;
  const isLeft = value.left > 260;
  const place = isLeft ? { right: `calc(100% - ${value.left - 10}px)` } : { left: `${value.left + 14}px` };
  return (
    <div class="tooltip" style={{ ...place, top: `${Math.max(value.top - 20, 0)}px` }}>
      <div class="hint">{placeText(axis, isAlone && first ? first.place : value.place)}</div>
      {shown.map((reading) => (
        <div key={reading.id} class={reading.id === closest && !isAlone ? "reading closest" : "reading"}>
          {!isAlone && <span class="swatch" style={{ background: colourName(reading.colour) }} />}
          {!isAlone && <span class="label">{reading.label}</span>}
          <span class="number">{number(reading.value)}</span>
          {reading.isBucket && isAlone && (
            <span class="hint">
              {number(reading.min)} to {number(reading.max)}
            </span>
          )}
        </div>
      ))}
      {more > 0 && <div class="hint">and {more} more</div>}
    </div>
  );
}
