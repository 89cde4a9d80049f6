// Each run as a line across several fields. A range on an axis, drawn with the pointer, leaves over the runs within.

import { useSignal } from "@preact/signals";
import { type Axis, chosen, type Range } from "../data/axes";
import { colourAt } from "../data/colours";
import type { Compared } from "../data/table";
import { textsOf, titleOf } from "../data/texts";
import { Drawing, HEIGHT, short, WIDTH } from "./frame";
import { Mark } from "./mark";
import { ScaleOf } from "./scale";

const TOP = 48;
const FOOT = 24;
const SIDE = 70;
// A shorter stroke of the pointer is a click, which takes the range away.
const LEAST = 0.02;

const down = (place: number) => HEIGHT - FOOT - place * (HEIGHT - FOOT - TOP);

interface Props {
  readonly compared: Compared;
  readonly axes: readonly Axis[];
  readonly colour: Axis | undefined;
  readonly hrefOf: (run: number) => string;
}

export function Parallel({ compared, axes, colour, hrefOf }: Props) {
  const ranges = useSignal<ReadonlyMap<string, Range>>(new Map());
  const isChosen = chosen(axes, ranges.value, compared.ids.length);
  const at = (number: number) =>
    axes.length > 1 ? SIDE + (number * (WIDTH - 2 * SIDE)) / (axes.length - 1) : WIDTH / 2;
  const set = (column: string, range: Range | undefined) => {
    const next = new Map(ranges.value);
    if (range && range[1] - range[0] > LEAST) next.set(column, range);
    else next.delete(column);
    ranges.value = next;
  };
  return (
    <>
      <Drawing name="parallel" label={`${compared.ids.length} runs across ${axes.length} fields`}>
        {[false, true].map((isFront) =>
          compared.ids.map((id, run) =>
            isChosen[run] === isFront ? (
              <Mark key={id} href={hrefOf(run)} title={textsOf(compared, run, axes)}>
                <path
                  class={isFront ? "run" : "run out"}
                  d={pathOf(axes, run, at)}
                  style={{ stroke: colourAt(colour?.places[run]) }}
                />
              </Mark>
            ) : null,
          ),
        )}
        {axes.map((axis, number) => (
          <AxisLine
            key={axis.field.column}
            axis={axis}
            x={at(number)}
            range={ranges.value.get(axis.field.column)}
            onRange={(range) => set(axis.field.column, range)}
          />
        ))}
      </Drawing>
      <ScaleOf axis={colour} />
      <p class="hint">
        {ranges.value.size
          ? `${isChosen.filter(Boolean).length} of ${compared.ids.length} runs. Click an axis to take its range away.`
          : "Draw along an axis to choose a range of it."}
      </p>
    </>
  );
}

function pathOf(axes: readonly Axis[], run: number, at: (number: number) => number): string {
  let isDrawing = false;
  const parts = axes.map((axis, number) => {
    const place = axis.places[run] ?? Number.NaN;
    // A run without this number leaves a gap.
    if (Number.isNaN(place)) {
      isDrawing = false;
      return "";
    }
    const part = `${isDrawing ? "L" : "M"}${at(number).toFixed(1)} ${down(place).toFixed(1)}`;
    isDrawing = true;
    return part;
  });
  return parts.join("");
}

interface LineProps {
  readonly axis: Axis;
  readonly x: number;
  readonly range: Range | undefined;
  readonly onRange: (range: Range | undefined) => void;
}

function AxisLine({ axis, x, range, onRange }: LineProps) {
  const begin = useSignal<number | undefined>(undefined);
  const placeOf = (event: PointerEvent) => {
    const drawing = (event.currentTarget as SVGElement).ownerSVGElement;
    const box = drawing?.getBoundingClientRect();
    if (!box) return 0;
    const y = ((event.clientY - box.top) / box.height) * HEIGHT;
    return Math.min(Math.max((HEIGHT - FOOT - y) / (HEIGHT - FOOT - TOP), 0), 1);
  };
  const draw = (event: PointerEvent) => {
    if (begin.value === undefined) return;
    const place = placeOf(event);
    onRange([Math.min(begin.value, place), Math.max(begin.value, place)]);
  };
  return (
    <g class="axes">
      <line x1={x} x2={x} y1={down(0)} y2={down(1)} class="axis" />
      {axis.ticks.map(({ place, text }) => (
        <text key={text} x={x + 5} y={down(place) + 4}>
          {short(text)}
        </text>
      ))}
      <text class="title" x={x} y={24} text-anchor="middle">
        {short(titleOf(axis.field))}
        <title>{axis.field.column}</title>
      </text>
      {range && <rect class="range" x={x - 7} width={14} y={down(range[1])} height={down(range[0]) - down(range[1])} />}
      <rect
        class="grip"
        x={x - 12}
        width={24}
        y={TOP - 8}
        height={HEIGHT - FOOT - TOP + 16}
        onPointerDown={(event) => {
          (event.currentTarget as SVGElement).setPointerCapture(event.pointerId);
          begin.value = placeOf(event);
          onRange(undefined);
        }}
        onPointerMove={draw}
        onPointerUp={() => (begin.value = undefined)}
      />
    </g>
  );
}
