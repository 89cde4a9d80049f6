// What is around a drawing of two axes: the lines, the ticks, the names, and its files.

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { svgText } from "../../charts/drawn";
import { savePng, saveSvg } from "../../charts/save";
import type { Axis } from "../data/axes";

export const WIDTH = 900;
export const HEIGHT = 520;
export const LEFT = 80;
export const BOTTOM = 56;
const TOP = 16;
const RIGHT = 24;

/** Places from 0 to 1 in the drawing's coordinates. */
export const across = (place: number) => LEFT + place * (WIDTH - LEFT - RIGHT);
export const up = (place: number) => HEIGHT - BOTTOM - place * (HEIGHT - BOTTOM - TOP);

export function Drawing(props: { name: string; label: string; children: ComponentChildren; height?: number }) {
  const drawing = useRef<SVGSVGElement>(null);
  const svg = () => (drawing.current ? svgText(drawing.current) : "");
  return (
    <figure class="drawing">
      {/* biome-ignore lint/a11y/useSemanticElements: no form element can be drawn in; an image may hold no links */}
      <svg ref={drawing} viewBox={`0 0 ${WIDTH} ${props.height ?? HEIGHT}`} role="group" aria-label={props.label}>
        {props.children}
      </svg>
      <figcaption>
        <button type="button" class="plain" onClick={() => saveSvg(props.name, svg())}>
          SVG
        </button>
        <button type="button" class="plain" onClick={() => void savePng(props.name, svg())}>
          PNG
        </button>
      </figcaption>
    </figure>
  );
}

export function Axes({ x, y }: { x: Axis; y: Axis }) {
  return (
    <g class="axes">
      {x.ticks.map(({ place, text }) => (
        <g key={text}>
          <line x1={across(place)} x2={across(place)} y1={up(0)} y2={up(1)} />
          <text x={across(place)} y={up(0) + 18} text-anchor="middle">
            {short(text)}
          </text>
        </g>
      ))}
      {y.ticks.map(({ place, text }) => (
        <g key={text}>
          <line x1={across(0)} x2={across(1)} y1={up(place)} y2={up(place)} />
          <text x={across(0) - 8} y={up(place) + 4} text-anchor="end">
            {short(text)}
          </text>
        </g>
      ))}
      <text class="title" x={across(0.5)} y={HEIGHT - 10} text-anchor="middle">
        {x.field.key}
      </text>
      <text class="title" transform={`translate(14 ${up(0.5)}) rotate(-90)`} text-anchor="middle">
        {y.field.key}
      </text>
    </g>
  );
}

export function short(text: string): string {
  return text.length > 14 ? `${text.slice(0, 13)}…` : text;
}
