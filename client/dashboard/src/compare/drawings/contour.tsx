// A metric over two fields, as colours between the runs.

import { Notice } from "../../ui/notice";
import type { Axis } from "../data/axes";
import { colourAt } from "../data/colours";
import { numberOf } from "../data/fields";
import { surfaceOf } from "../data/surface";
import type { Compared } from "../data/table";
import { textsOf } from "../data/texts";
import { Axes, across, Drawing, up } from "./frame";
import { Mark } from "./mark";
import { Scale } from "./scale";

const SIZE = 40;

interface Props {
  readonly compared: Compared;
  readonly x: Axis;
  readonly y: Axis;
  readonly height: Axis;
  readonly hrefOf: (run: number) => string;
}

export function Contour({ compared, x, y, height, hrefOf }: Props) {
  const points = compared.ids.map((_, run) => ({
    x: x.places[run] ?? Number.NaN,
    y: y.places[run] ?? Number.NaN,
    value: numberOf(height.field.values[run] ?? null),
  }));
  const surface = surfaceOf(points, SIZE);
  if (!surface) {
    return (
      <Notice title="Too few runs have these three">
        <p>A surface needs three runs at least that have numbers for all of them.</p>
      </Notice>
    );
  }
  const { low, high, values } = surface;
  return (
    <>
      <Drawing
        name={`${height.field.key} over ${x.field.key} and ${y.field.key}`}
        label={`${height.field.key} as colours`}
      >
        <g class="cells">
          {values.map((value, at) => (
            <rect
              key={at}
              x={across((at % SIZE) / SIZE)}
              y={up((Math.floor(at / SIZE) + 1) / SIZE)}
              width={across(1 / SIZE) - across(0) + 0.5}
              height={up(0) - up(1 / SIZE) + 0.5}
              style={{ fill: colourAt((value - low) / (high - low || 1)) }}
            />
          ))}
        </g>
        <Axes x={x} y={y} />
        {points.map((point, run) =>
          [point.x, point.y, point.value].every(Number.isFinite) ? (
            <Mark key={compared.ids[run]} href={hrefOf(run)} title={textsOf(compared, run, [x, y, height])}>
              <circle class="point ring" cx={across(point.x)} cy={up(point.y)} r="4" />
            </Mark>
          ) : null,
        )}
      </Drawing>
      <Scale low={low} high={high} title={`${height.field.key}, between the runs a mean of the near ones`} />
    </>
  );
}
