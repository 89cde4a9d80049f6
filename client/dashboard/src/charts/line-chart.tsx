// A chart of many lines over one axis: zoom by dragging, pan with shift, read at the cursor, save as a picture.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { Curve, XAxis } from "../api/curves";
import { colours, onColours } from "./colours";
import type { LiveCurves } from "./data/live";
import { useDetail } from "./detail";
import type { Shown } from "./draw";
import type { Labelling } from "./labelling";
import { Legend } from "./legend";
import { type Events, Plot } from "./plot";
import { saveCsv, savePng, saveSvg } from "./save";
import { type Readings, readingsAt } from "./shape/readings";
import { sheetOf } from "./shape/sheet";
import { type Picture, svgOf } from "./shape/svg";
import {
  extent,
  type Labelled,
  type Line,
  type Looks,
  leavesOut,
  moved,
  prepared,
  type Range,
  spread,
} from "./shape/view";
import { Tooltip } from "./tooltip";

export interface LineChartProps {
  readonly title: string;
  readonly axis: XAxis;
  readonly looks: Looks;
  readonly height: number;
  /** By run. */
  readonly curves: ReadonlyMap<string, Curve>;
  /** Which lines to draw for curves: their names, colours and groups. Keep it the same function for the same lines. */
  readonly labelled: Labelling;
  /** What is seen of x; undefined for all. */
  readonly range: Range | undefined;
  readonly onRange: (range: Range | undefined) => void;
  /** Asks for the curves of a range, with more of their points. */
  readonly detail?: (range: Range) => readonly LiveCurves[];
  readonly isLive?: boolean;
  /** Whether to ask for more of the points also where all is seen, if the server's overview is coarse. */
  readonly isFine?: boolean;
}

const FEW_BUCKETS = 150;
const MOST_READINGS = 12;

export function LineChart(props: LineChartProps) {
  const { title, axis, looks, height, curves, labelled, range, onRange } = props;
  const hidden = useSignal<ReadonlySet<string>>(new Set());
  const marked = useSignal<string | undefined>(undefined);
  const before = useRef<readonly Line[]>([]);
  const all = useMemo(() => labelled(curves), [labelled, curves]);
  const whole = useMemo(() => extent(prepared(all, 0), looks.isLogX), [all, looks.isLogX]);
  const isCoarse = props.isFine && !props.isLive && all.some(isCoarsely);
  const detailed = useDetail(props, range ?? (isCoarse ? whole : undefined));
  const lines = useMemo(() => {
    const seen = (detailed ? labelled(detailed) : all).filter(({ id }) => !hidden.value.has(id));
    before.current = prepared(seen, looks.smoothing, before.current);
    return before.current;
  }, [all, detailed, labelled, looks.smoothing, hidden.value]);

  const seen = range ?? whole;
  const values = useMemo(() => seen && spread(lines, seen, looks.isLogY), [lines, seen?.from, seen?.to, looks.isLogY]);
  const isPartial = useMemo(() => leavesOut(lines, looks.isLogY), [lines, looks.isLogY]);
  if (!seen || !values)
    return <Empty height={height} isLog={looks.isLogY || looks.isLogX} hasPoints={all.length > 0} />;

  const shown: Shown = { lines, range: seen, spread: values, marked: marked.value };
  const move = (by: number, factor = 1, around = 0.5) => {
    if (!whole) return;
    const next = moved(seen, whole, by, factor, around);
    onRange(next.from <= whole.from && next.to >= whole.to ? undefined : next);
  };
  const picture = (): Picture => ({ ...{ title, axis, looks, lines, colours: colours() }, ...sized(seen, values) });
  return (
    <div class="line-chart">
      <Canvas {...{ axis, looks, height, shown, onRange, move, title }} onMark={(id) => (marked.value = id)} />
      <div class="chart-tools">
        {range && (
          <button type="button" class="plain small" onClick={() => onRange(undefined)}>
            Whole
          </button>
        )}
        <button type="button" class="plain small" onClick={() => void savePng(title, svgOf(picture()))}>
          PNG
        </button>
        <button type="button" class="plain small" onClick={() => saveSvg(title, svgOf(picture()))}>
          SVG
        </button>
        <button type="button" class="plain small" onClick={() => saveCsv(title, sheetOf(lines, axis, seen))}>
          CSV
        </button>
      </div>
      {isPartial && <p class="hint note">Values of zero and below are not shown.</p>}
      {all.length > 1 && <Legend lines={all} hidden={hidden} marked={marked} />}
    </div>
  );
}

function isCoarsely({ curve }: Labelled): boolean {
  return !curve.exact && curve.start.length < FEW_BUCKETS;
}

function sized(range: Range, values: Range): Pick<Picture, "width" | "height" | "range" | "spread"> {
  return { width: 800, height: 400, range, spread: values };
}

function Empty({ height, isLog, hasPoints }: { height: number; isLog: boolean; hasPoints: boolean }) {
  return (
    <p class="hint no-lines" style={{ height: `${height}px` }}>
      {!hasPoints
        ? "No points were logged."
        : isLog
          ? "Nothing here is above zero, as a logarithmic axis needs it."
          : "No value here is a finite number."}
    </p>
  );
}

interface CanvasProps extends Pick<LineChartProps, "axis" | "looks" | "height" | "onRange" | "title"> {
  readonly shown: Shown;
  readonly move: (by: number, factor?: number, around?: number) => void;
  readonly onMark: (id: string | undefined) => void;
}

type At = { readonly readings: Readings; readonly place: number; readonly left: number; readonly top: number };

function Canvas(props: CanvasProps) {
  const { axis, looks, height, shown, title } = props;
  const root = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | undefined>(undefined);
  const at = useSignal<At | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const place = root.current;
    if (!place) return;
    const events: Events = {
      onZoom: (range) => latest.current.onRange(range),
      onPan: (by) => latest.current.move(by),
      onWheel: (factor, around) => latest.current.move(0, factor, around),
      onCursor: (cursor) => {
        const { lines, range } = latest.current.shown;
        const readings = cursor && readingsAt(lines, cursor.place, cursor.value, range, MOST_READINGS);
        at.value = cursor && readings ? { ...cursor, readings } : undefined;
        if (lines.length > 1) latest.current.onMark(readings?.closest);
      },
    };
    return mounted(place, plot, () => latest.current.shown, { axis, looks, height, events });
  }, [axis, looks.isLogX, looks.isLogY, height]);
  useEffect(() => plot.current?.show(shown));

  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => props.move(-0.2),
    ArrowRight: () => props.move(0.2),
    "+": () => props.move(0, 0.5),
    "-": () => props.move(0, 2),
    Escape: () => props.onRange(undefined),
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a canvas has no element of its own for this.
    <div
      ref={root}
      class="canvas"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows, plus and minus move what is seen.
      tabIndex={0}
      aria-label={`Chart of ${title}. Arrows move, plus and minus zoom, Escape shows all.`}
      style={{ height: `${height}px` }}
      onKeyDown={(event) => {
        const act = keys[event.key];
        if (!act) return;
        event.preventDefault();
        act();
      }}
    >
      <Tooltip at={at} axis={axis} />
    </div>
  );
}

/** A plot that fills its place, from when uPlot is loaded. The result takes it away. */
function mounted(
  place: HTMLElement,
  plot: { current: Plot | undefined },
  shown: () => Shown,
  setting: { axis: XAxis; looks: Looks; height: number; events: Events },
): () => void {
  let isGone = false;
  const observer = new ResizeObserver(() => plot.current?.resize(place.clientWidth, setting.height));
  const forget = onColours(() => plot.current?.redraw());
  void import("uplot").then(({ default: UPlot }: { default: typeof uPlot }) => {
    if (isGone) return;
    plot.current = new Plot(UPlot, place, { ...setting, width: place.clientWidth }, shown());
    observer.observe(place);
  });
  return () => {
    isGone = true;
    observer.disconnect();
    forget();
    plot.current?.destroy();
    plot.current = undefined;
  };
}
