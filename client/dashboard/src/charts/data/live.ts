// The curves of one question, kept up to date: asked in full once, and then for what is new.

import { type Signal, signal } from "@preact/signals";
import type { Curve, CurvesReply, SeriesQuestion } from "../../api/curves";
import { ApiError, isAborted } from "../../api/failures";
import { merged, shortened } from "./merge";

export type AskSeries = (question: SeriesQuestion, abort?: AbortSignal) => Promise<CurvesReply>;

export interface Known {
  /** By key, then by run. */
  readonly curves: ReadonlyMap<string, ReadonlyMap<string, Curve>>;
  readonly isAnswered: boolean;
  readonly failure: unknown;
  /** Runs that do not exist, or that one may not see. */
  readonly missingRuns: readonly string[];
}

const MOST_TURNS = 20;
const NOTHING: Known = { curves: new Map(), isAnswered: false, failure: undefined, missingRuns: [] };

export class LiveCurves {
  readonly state: Signal<Known> = signal(NOTHING);
  private since = "";
  private current: AbortController | undefined;

  constructor(
    private readonly series: AskSeries,
    readonly question: Omit<SeriesQuestion, "since">,
  ) {}

  /** Ask for all, or for what is new. A question that is under way is not asked twice. */
  async ask(): Promise<void> {
    if (this.current) return;
    const mine = new AbortController();
    this.current = mine;
    try {
      for (let turn = 0; turn < MOST_TURNS && this.current === mine; turn++) {
        const left = await this.once(mine.signal);
        // There was no time for some runs: they are answered in full when asked again.
        if (!left) break;
      }
    } catch (failure) {
      if (!isAborted(failure)) this.failed(failure);
    } finally {
      if (this.current === mine) this.current = undefined;
    }
  }

  stop(): void {
    this.current?.abort();
    this.current = undefined;
  }

  private async once(abort: AbortSignal): Promise<boolean> {
    const reply = await this.series({ ...this.question, ...(this.since ? { since: this.since } : {}) }, abort);
    if (abort.aborted) return false;
    const isFirst = this.since === "";
    this.since = reply.since;
    const before = this.state.peek();
    const hasNews = reply.curves.length > 0 || isFirst || before.failure !== undefined;
    if (hasNews) this.state.value = added(before, reply, this.question.points, isFirst);
    return reply.left.length > 0;
  }

  private failed(failure: unknown): void {
    // A cursor that is refused is of no use any more: the next question asks for all.
    if (failure instanceof ApiError && failure.status === 400) this.since = "";
    this.state.value = { ...this.state.peek(), failure };
  }
}

/** Untouched curves stay the same objects, so what was prepared from them is not prepared again. */
function added(before: Known, reply: CurvesReply, points: number, isFirst: boolean): Known {
  const curves = new Map(before.curves);
  for (const news of reply.curves) {
    const ofKey = new Map(curves.get(news.key));
    const old = ofKey.get(news.run);
    ofKey.set(news.run, old ? shortened(merged(old, news), 2 * points) : news);
    curves.set(news.key, ofKey);
  }
  const missingRuns = isFirst ? reply.missingRuns : before.missingRuns;
  return { curves, isAnswered: true, failure: undefined, missingRuns };
}
