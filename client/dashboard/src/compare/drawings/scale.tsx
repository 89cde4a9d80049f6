// What the colours of a drawing say: from the lowest value to the highest.

import { number } from "../../ui/format";
import type { Axis } from "../data/axes";
import { fiveNumbers, numberOf } from "../data/fields";

export function Scale({ low, high, title }: { low: number; high: number; title: string }) {
  return (
    <p class="scale-legend">
      <span>{number(low)}</span>
      <span class="ramp" />
      <span>{number(high)}</span>
      <span class="hint">{title}</span>
    </p>
  );
}

/** The same of a field that colours runs; nothing if none of them has a number. */
export function ScaleOf({ axis }: { axis: Axis | undefined }) {
  const five = axis && fiveNumbers(axis.field.values.map(numberOf));
  if (!five) return null;
  return <Scale low={five[0]} high={five[4]} title={`${axis.field.key}${axis.isLog ? ", logarithmic" : ""}`} />;
}
