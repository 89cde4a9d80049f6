// A metric by groups: median, quartiles and extremes of the runs that share a value, and the runs themselves.

import type { Axis } from "../data/axes";
import { type Field, fiveNumbers, isNumeric, numberOf, shares } from "../data/fields";
import type { Compared } from "../data/table";
import { textsOf } from "../data/texts";
import { Axes, across, Drawing, up } from "./frame";
import { Mark } from "./mark";

const HALF = 18;
const MOST_GROUPS = 20;
const NONE = "none";

export function Boxes({ compared, by, y, hrefOf }: BoxesProps) {
  const x = groups(by);
  return (
    <Drawing name={`${y.field.key} by ${by.key}`} label={`${y.field.key} by ${by.key}`}>
      <Axes x={x} y={y} />
      {x.ticks.map(({ place, text }) => (
        <Box key={text} at={across(place)} places={y.places.filter((_, run) => x.places[run] === place)} />
      ))}
      {compared.ids.map((id, run) =>
        Number.isFinite(y.places[run]) && Number.isFinite(x.places[run]) ? (
          <Mark key={id} href={hrefOf(run)} title={textsOf(compared, run, [x, y])}>
            <circle
              class="point small"
              cx={across(x.places[run] ?? 0) + HALF + 8}
              cy={up(y.places[run] ?? 0)}
              r="2.5"
            />
          </Mark>
        ) : null,
      )}
    </Drawing>
  );
}

interface BoxesProps {
  readonly compared: Compared;
  readonly by: Field;
  readonly y: Axis;
  readonly hrefOf: (run: number) => string;
}

/** The groups side by side, away from the ends: numbers by their size, names by how many runs have them. */
function groups(by: Field): Axis {
  const texts = shares(by).map(({ value }) => `${value ?? NONE}`);
  if (isNumeric(by)) texts.sort((one, other) => numberOf(one) - numberOf(other));
  const shown = texts.slice(0, MOST_GROUPS);
  const placeOf = new Map(shown.map((text, at) => [text, (at + 0.5) / shown.length]));
  const ticks = [...placeOf].map(([text, place]) => ({ place, text }));
  const places = by.values.map((value) => placeOf.get(`${value ?? NONE}`) ?? Number.NaN);
  return { field: by, isLog: false, scale: undefined, ticks, places };
}

function Box({ at, places }: { at: number; places: readonly number[] }) {
  const five = fiveNumbers(places);
  if (!five) return null;
  const [low, first, median, third, high] = five.map(up) as [number, number, number, number, number];
  return (
    <g class="box">
      <line x1={at} x2={at} y1={low} y2={high} />
      <rect x={at - HALF} width={2 * HALF} y={third} height={Math.max(first - third, 1)} />
      <line class="median" x1={at - HALF} x2={at + HALF} y1={median} y2={median} />
    </g>
  );
}
