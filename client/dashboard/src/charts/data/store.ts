// The curves that a page shows: charts say which metrics they want, and those that want at the same time are asked for
// together. Only what somebody looks at is kept up to date.

import { type Signal, signal } from "@preact/signals";
import { type Curve, MOST_KEYS, MOST_RUNS, type XAxis } from "../../api/curves";
import { type AskSeries, LiveCurves } from "./live";

const TOGETHER_MS = 30;

export interface Shown {
  /** By run. */
  readonly curves: ReadonlyMap<string, Curve>;
  readonly isAnswered: boolean;
  readonly failure: unknown;
}

export class SeriesStore {
  private readonly parts = new Map<string, readonly LiveCurves[]>();
  private readonly looked = new Map<string, number>();
  /** Counts how often metrics got their place, so that who shows one hears of it. */
  private readonly placed: Signal<number> = signal(0);
  private waiting: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly series: AskSeries,
    readonly runs: readonly string[],
    readonly x: XAxis,
    readonly points: number,
  ) {}

  /** Somebody looks at a metric. The result says that he no longer does. */
  look(key: string): () => void {
    this.looked.set(key, (this.looked.get(key) ?? 0) + 1);
    const parts = this.parts.get(key);
    // What was stopped before it was answered is asked again.
    if (parts) void inOrder(parts.filter(({ state }) => !state.peek().isAnswered));
    else if (!this.waiting.includes(key)) {
      this.waiting.push(key);
      this.timer ??= setTimeout(() => this.place(), TOGETHER_MS);
    }
    return () => this.looked.set(key, (this.looked.get(key) ?? 1) - 1);
  }

  /** What is known of a metric; reading it follows its signals. */
  shown(key: string): Shown {
    this.placed.value;
    const parts = this.parts.get(key) ?? [];
    const curves = new Map<string, Curve>();
    let failure: unknown;
    for (const { state } of parts) {
      failure ??= state.value.failure;
      for (const [run, curve] of state.value.curves.get(key) ?? []) curves.set(run, curve);
    }
    return { curves, isAnswered: parts.length > 0 && parts.every(({ state }) => state.value.isAnswered), failure };
  }

  /** Curves of one metric in a range. */
  zoomed(key: string, from: number, to: number): LiveCurves[] {
    const range = { from: Math.floor(from), to: Math.ceil(to) };
    return this.portions().map((runs) => this.live(runs, [key], range));
  }

  /** Ask for what is new of the metrics that somebody looks at. */
  async refresh(): Promise<void> {
    const seen = [...this.parts].filter(([key]) => (this.looked.get(key) ?? 0) > 0).flatMap(([, parts]) => parts);
    for (const part of new Set(seen)) await part.ask();
  }

  /** Ask no more. What is known stays, and who looks again is answered from it. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = [];
    for (const parts of this.parts.values()) for (const part of parts) part.stop();
  }

  private place(): void {
    this.timer = undefined;
    const keys = this.waiting.splice(0);
    for (let at = 0; at < keys.length; at += MOST_KEYS) {
      const some = keys.slice(at, at + MOST_KEYS);
      const parts = this.portions().map((runs) => this.live(runs, some, {}));
      for (const key of some) this.parts.set(key, parts);
      void inOrder(parts);
    }
    this.placed.value += 1;
  }

  private portions(): string[][] {
    const portions: string[][] = [];
    for (let at = 0; at < this.runs.length; at += MOST_RUNS) portions.push(this.runs.slice(at, at + MOST_RUNS));
    return portions;
  }

  private live(runs: readonly string[], keys: readonly string[], range: { from?: number; to?: number }): LiveCurves {
    return new LiveCurves(this.series, { runs, keys, x: this.x, points: this.points, ...range });
  }
}

/** One question at a time, so that the server has time for others. */
async function inOrder(parts: readonly LiveCurves[]): Promise<void> {
  for (const part of parts) await part.ask();
}
