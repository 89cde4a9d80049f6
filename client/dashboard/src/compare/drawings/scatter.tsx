// Each run as a point over two fields, coloured by a third.

import type { Axis } from "../data/axes";
import { colourAt } from "../data/colours";
import type { Compared } from "../data/table";
import { textsOf } from "../data/texts";
import { Axes, across, Drawing, up } from "./frame";
import { Mark } from "./mark";
import { ScaleOf } from "./scale";

interface Props {
  readonly compared: Compared;
  readonly x: Axis;
  readonly y: Axis;
  readonly colour: Axis | undefined;
  readonly hrefOf: (run: number) => string;
}

export function Scatter({ compared, x, y, colour, hrefOf }: Props) {
  const isShown = (run: number) => Number.isFinite(x.places[run]) && Number.isFinite(y.places[run]);
  const shown = [...compared.ids.keys()].filter(isShown);
  const left = compared.ids.length - shown.length;
  const name = `${y.field.key} over ${x.field.key}`;
  return (
    <>
      <Drawing name={name} label={`${name}, a point a run`}>
        <Axes x={x} y={y} />
        {shown.map((run) => (
          <Mark key={compared.ids[run]} href={hrefOf(run)} title={textsOf(compared, run, [x, y, colour])}>
            <circle
              class="point"
              cx={across(x.places[run] ?? 0)}
              cy={up(y.places[run] ?? 0)}
              r="5"
              style={{ fill: colourAt(colour?.places[run]) }}
            />
          </Mark>
        ))}
      </Drawing>
      <ScaleOf axis={colour} />
      {left > 0 && <p class="hint">{left} runs have no such number and are not shown.</p>}
    </>
  );
}
