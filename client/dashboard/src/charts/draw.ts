// The lines of a chart on a canvas.

import { colours } from "./colours";
import { type Colours, MOST_BANDS } from "./shape/svg";
import { type Frame, scale, traceBars, traceLine } from "./shape/trace";
import type { Line, Looks, Range } from "./shape/view";

export interface Shown {
  readonly lines: readonly Line[];
  readonly range: Range;
  readonly spread: Range;
  /** The line that stands out. */
  readonly marked: string | undefined;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const FAINT = 0.25;
const BAND = 0.22;
// Of more lines each is thin: that is clearer, and a line of one pixel is drawn much faster.
const FEW = 12;

export function drawLines(ctx: CanvasRenderingContext2D, box: Box, shown: Shown, looks: Looks): void {
  const { range, spread, lines, marked } = shown;
  const toX = scale(range, box.left, box.left + box.width, looks.isLogX);
  const toY = scale(spread, box.top + box.height, box.top, looks.isLogY);
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.width, box.height);
  ctx.clip();
  ctx.lineCap = "round";
  ctx.lineJoin = "bevel";
  const pen: Pen = { ctx, frame: { range, toX, toY }, palette: colours() };
  const hasBands = lines.length <= MOST_BANDS;
  const width = lines.length <= FEW ? 1.5 : 1;
  for (const line of lines) drawBehind(pen, line, hasBands, marked);
  for (const line of lines) if (line.id !== marked) drawLine(pen, line, marked === undefined ? 1 : FAINT, width);
  for (const line of lines) if (line.id === marked) drawLine(pen, line, 1, 2.5);
  ctx.restore();
}

interface Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly frame: Frame;
  readonly palette: Colours;
}

function colourOf({ palette }: Pen, { colour }: Line): string {
  return palette.lines[colour % palette.lines.length] ?? palette.text;
}

/** The raw line behind a smoothed one, or the band of buckets. */
function drawBehind(pen: Pen, line: Line, hasBands: boolean, marked: string | undefined): void {
  const { ctx, frame } = pen;
  const strength = marked === undefined || marked === line.id ? 1 : FAINT;
  if (line.isSmoothed) {
    if (!hasBands && marked !== line.id) return;
    const path = new Path2D();
    traceLine(path, line, line.curve.last, frame);
    ctx.globalAlpha = FAINT * strength;
    ctx.strokeStyle = colourOf(pen, line);
    ctx.lineWidth = devicePixelRatio;
    ctx.stroke(path);
  } else if (!line.curve.exact && (hasBands || marked === line.id)) {
    ctx.globalAlpha = BAND * strength;
    ctx.fillStyle = colourOf(pen, line);
    traceBars(line, frame, (x, y, width, height) => ctx.fillRect(x, y, width, height));
  }
}

function drawLine(pen: Pen, line: Line, alpha: number, width: number): void {
  const { ctx, frame } = pen;
  const path = new Path2D();
  traceLine(path, line, line.values, frame);
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colourOf(pen, line);
  ctx.lineWidth = width * devicePixelRatio;
  ctx.stroke(path);
}
