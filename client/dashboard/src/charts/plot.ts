// One chart on a canvas. uPlot has the axes, the cursor and the dragging; the lines are ours, as each has its own x.

import type uPlot from "uplot";
import type { XAxis } from "../api/curves";
import { colours } from "./colours";
import { drawLines, type Shown } from "./draw";
import { ticks, tickText } from "./shape/ticks";
import type { Looks, Range } from "./shape/view";

export interface Events {
  readonly onZoom: (range: Range | undefined) => void;
  /** By a part of what is seen. */
  readonly onPan: (by: number) => void;
  readonly onWheel: (factor: number, around: number) => void;
  /** Where the cursor is, on the axes and in pixels; undefined where it left. */
  readonly onCursor: (at: { place: number; value: number; left: number; top: number } | undefined) => void;
}

export interface Setting {
  readonly axis: XAxis;
  readonly looks: Looks;
  readonly width: number;
  readonly height: number;
  readonly events: Events;
}

const AXIS_WIDTH = 62;
const AXIS_HEIGHT = 26;

export class Plot {
  private readonly chart: uPlot;
  private frame: number | undefined;
  private hasMoved = false;
  private isMoving = false;

  constructor(
    UPlot: typeof uPlot,
    root: HTMLElement,
    private readonly setting: Setting,
    private shown: Shown,
  ) {
    this.chart = new UPlot(this.options(), this.data(), root);
  }

  /** However often this is called, the chart is drawn once in a frame. */
  show(shown: Shown): void {
    const { range, spread } = this.shown;
    const isSame = same(range, shown.range) && same(spread, shown.spread);
    this.hasMoved ||= !isSame;
    this.shown = shown;
    this.frame ??= requestAnimationFrame(() => this.drawNow());
  }

  /** Draw anew, as with other colours. */
  redraw(): void {
    this.chart.redraw(false, true);
  }

  resize(width: number, height: number): void {
    this.chart.setSize({ width, height });
  }

  destroy(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.chart.destroy();
  }

  private drawNow(): void {
    this.frame = undefined;
    if (this.hasMoved) this.chart.setData(this.data(), true);
    else this.chart.redraw(false);
    this.hasMoved = false;
  }

  /** Two points, so that the axes follow what is seen. */
  private data(): uPlot.AlignedData {
    const { range, spread } = this.shown;
    return [
      [range.from, range.to],
      [spread.from, spread.to],
    ];
  }

  private options(): uPlot.Options {
    const { axis, looks, width, height } = this.setting;
    return {
      ...{ width, height, ms: 1 as const, legend: { show: false }, padding: [8, 12, 0, 0] as uPlot.Padding },
      scales: {
        x: { time: false, distr: looks.isLogX ? 3 : 1, range: () => pair(this.shown.range) },
        y: { distr: looks.isLogY ? 3 : 1, range: () => pair(this.shown.spread) },
      },
      series: [{}, { paths: () => null, points: { show: false } }],
      axes: [
        { ...this.axis(axis, looks.isLogX), size: AXIS_HEIGHT },
        { ...this.axis("value", looks.isLogY), size: AXIS_WIDTH },
      ],
      cursor: this.cursor(),
      hooks: {
        draw: [({ ctx, bbox }) => drawLines(ctx, bbox, this.shown, this.setting.looks)],
        setCursor: [(chart) => this.tellCursor(chart)],
        setSelect: [(chart) => this.tellSelected(chart)],
        ready: [(chart) => this.listen(chart)],
      },
    };
  }

  private axis(axis: XAxis | "value", isLog: boolean): uPlot.Axis {
    const apart = axis === "value" ? 36 : 90;
    return {
      stroke: () => colours().quiet,
      font: "11px system-ui, sans-serif",
      grid: { stroke: () => colours().grid, width: 1 },
      ticks: { show: false },
      gap: 4,
      splits: (chart, _, from, to) => {
        const length = (axis === "value" ? chart.bbox.height : chart.bbox.width) / devicePixelRatio;
        return ticks(axis, from, to, Math.max(2, Math.floor(length / apart)), isLog);
      },
      filter: (_, splits) => splits,
      values: (_, splits) => splits.map((at) => tickText(axis, at, (splits[1] ?? 0) - (splits[0] ?? 0))),
    };
  }

  private cursor(): uPlot.Cursor {
    const { onZoom, onPan } = this.setting.events;
    return {
      drag: { x: true, y: false, setScale: false },
      points: { show: false },
      y: false,
      bind: {
        dblclick: () => () => {
          onZoom(undefined);
          return null;
        },
        mousedown: (chart, _, handle) => (event: MouseEvent) => {
          if (event.shiftKey) this.pan(event, chart.over.clientWidth, onPan);
          else handle(event);
          return null;
        },
      },
    };
  }

  private pan(start: MouseEvent, width: number, onPan: (by: number) => void): void {
    let last = start.clientX;
    this.isMoving = true;
    const move = (event: MouseEvent) => {
      onPan((last - event.clientX) / width);
      last = event.clientX;
    };
    const end = () => {
      this.isMoving = false;
      document.removeEventListener("mousemove", move);
      document.removeEventListener("mouseup", end);
    };
    document.addEventListener("mousemove", move);
    document.addEventListener("mouseup", end);
  }

  private listen(chart: uPlot): void {
    const { onWheel, onPan } = this.setting.events;
    chart.over.addEventListener(
      "wheel",
      (event) => {
        // A wheel alone scrolls the page.
        if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
        event.preventDefault();
        const box = chart.over.getBoundingClientRect();
        if (event.shiftKey) onPan((event.deltaY || event.deltaX) / 1_000);
        else onWheel(event.deltaY > 0 ? 1.25 : 0.8, (event.clientX - box.left) / box.width);
      },
      { passive: false },
    );
  }

  private tellCursor(chart: uPlot): void {
    const { left = -1, top = -1 } = chart.cursor;
    if (left < 0 || this.isMoving) {
      this.setting.events.onCursor(undefined);
      return;
    }
    const at = { place: chart.posToVal(left, "x"), value: chart.posToVal(top, "y") };
    this.setting.events.onCursor({ ...at, left: left + chart.over.offsetLeft, top: top + chart.over.offsetTop });
  }

  private tellSelected(chart: uPlot): void {
    const { left, width } = chart.select;
    if (width < 4) return;
    const range = { from: chart.posToVal(left, "x"), to: chart.posToVal(left + width, "x") };
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.setting.events.onZoom(range);
  }
}

function pair({ from, to }: Range): [number, number] {
  return [from, to];
}

function same(one: Range, other: Range): boolean {
  return one.from === other.from && one.to === other.to;
}
