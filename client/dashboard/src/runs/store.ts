// The runs that the page has: asked for once, brought up to date by what has changed since, kept while one looks away.

import { signal } from "@preact/signals";
import type { ChangesReply, ColumnNames, ColumnsQuestion, UnchangedReply, WholeReply } from "../api/columns";
import type { ViewType } from "../api/experiments";
import { ApiError, isAborted } from "../api/failures";
import { ALWAYS, PARENT } from "./columns/column";
import { candidates, defaults } from "./columns/defaults";
import { chained, missing, pause } from "./rows/asking";
import { merged, type Sheet, sheetOf } from "./rows/sheet";
import { type Sort, sorted } from "./rows/sorting";
import { extended, isRunning, kept, type News, NO_RUNS, news, type Page, type Table, tableOf } from "./rows/table";
import type { Shown } from "./view";

export interface Question {
  readonly filter: string;
  readonly order: readonly string[];
  readonly view: ViewType;
}

/** How the server is asked. */
export interface Reads {
  readonly names: (experimentId: string, abort?: AbortSignal) => Promise<ColumnNames>;
  readonly whole: (question: ColumnsQuestion, abort?: AbortSignal) => Promise<WholeReply>;
  readonly changes: (
    question: ColumnsQuestion,
    since: string,
    abort?: AbortSignal,
  ) => Promise<ChangesReply | UnchangedReply>;
}

export const PAGE_ROWS = 1_000;
export const MOST_PAGES = 5;

export class Runs {
  readonly table = signal<Table>(NO_RUNS);
  readonly news = signal<News | undefined>(undefined);
  readonly names = signal<ColumnNames | undefined>(undefined);
  /** The columns of a reader who has chosen none; they stay as they were first. */
  readonly defaults = signal<readonly Shown[] | undefined>(undefined);
  readonly failure = signal<unknown>(undefined);
  readonly isAsking = signal(false);
  readonly hasMore = signal(false);
  /** Whether the table answers the question, rather than the one before. */
  readonly isAnswered = signal(false);

  private question: Question | undefined;
  private wanted: readonly string[] | undefined;
  private besides: readonly string[] = [];
  private sort: Sort | undefined;
  private pages: Page[] = [];
  private tokens: string[] = [];
  private abort = new AbortController();
  private work: Promise<void> = Promise.resolve();
  private failures = 0;

  constructor(
    readonly experimentId: string,
    private readonly reads: Reads,
  ) {}

  /** Show the answer to a question with these columns, or those that suit it if none are given, and some more. */
  show(question: Question, columns: readonly string[] | undefined, more: readonly string[], sort?: Sort): void {
    const isSorted = sort?.id === this.sort?.id && sort?.isDescending === this.sort?.isDescending;
    this.wanted = columns;
    this.besides = [...more, ...(sort?.column.needs ?? [])];
    this.sort = sort;
    if (JSON.stringify(question) !== JSON.stringify(this.question)) {
      this.question = question;
      this.begin();
    } else {
      this.next(async () => {
        await this.complete();
        if (!isSorted) this.accept();
      });
    }
  }

  /** Ask all anew, as after a failure. */
  begin(): void {
    this.abort.abort();
    this.abort = new AbortController();
    this.pages = [];
    this.tokens = [""];
    this.isAnswered.value = false;
    this.next(async () => {
      await this.complete();
      this.accept();
      this.isAnswered.value = true;
    });
  }

  /** One page more. */
  more(): void {
    this.next(async () => {
      const next = this.pages.at(-1)?.[0]?.next;
      if (!next || this.pages.length >= MOST_PAGES) return;
      this.tokens.push(next);
      await this.complete();
      if (this.sort) this.accept();
      else this.table.value = kept(extended(this.table.value, this.pages.at(-1)?.[0]?.ids ?? []), this.latest());
    });
  }

  /** Show the runs that have come, and their order as it is now. */
  accept(): void {
    const count = chained(this.tokens, this.pages);
    this.pages.length = count;
    this.tokens.length = Math.max(count, 1);
    this.table.value = this.latest();
    this.told();
  }

  /** Ask again and again what has changed. Ends when the function that it returns is called. */
  watch(): () => void {
    let timer = 0;
    let isOver = false;
    const wait = () => {
      if (isOver) return;
      timer = window.setTimeout(tick, pause(!this.isAnswered.peek() || isRunning(this.table.peek()), this.failures));
    };
    const tick = () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") this.refresh().then(wait);
    };
    document.addEventListener("visibilitychange", tick);
    wait();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }

  /** Ask once what has changed. */
  refresh(): Promise<void> {
    return this.next(async () => {
      const { signal: mine } = this.abort;
      let isChanged = false;
      for (const [at, page] of this.pages.entries()) {
        if (at > 0 && !isRunning(tableOf([page]))) continue;
        const fresh = await this.fresh(page, this.tokens[at] ?? "");
        mine.throwIfAborted();
        isChanged ||= fresh !== page;
        this.pages[at] = fresh;
      }
      if (isChanged) this.told();
    }, true);
  }

  async askNames(): Promise<void> {
    try {
      this.names.value = await this.reads.names(this.experimentId);
    } catch {
      // What fails here fails for the runs as well, which say so.
    }
  }

  private async complete(): Promise<void> {
    const naming = this.names.peek() ? undefined : this.nameColumns();
    if (!this.wanted) await naming;
    await Promise.all([naming, this.fill()]);
    // What only the names have told to be of use.
    await this.fill();
    this.told();
    const names = this.names.peek();
    if (names && !this.defaults.peek()) this.defaults.value = defaults(names, tableOf(this.pages));
  }

  private async nameColumns(): Promise<void> {
    this.names.value = await this.reads.names(this.experimentId, this.abort.signal);
  }

  /** Ask for what the pages lack. */
  private async fill(): Promise<void> {
    const needs = this.needs();
    const { signal: mine } = this.abort;
    for (const [at, token] of this.tokens.entries()) {
      const page = this.pages[at] ?? [];
      const asked = missing(page, needs).map((columns) => this.reads.whole(this.ask(columns, token), mine));
      const told = await Promise.all(asked);
      // A reply that comes while a new question begins must not be taken for its answer.
      mine.throwIfAborted();
      this.pages[at] = [...page, ...told.map(sheetOf)];
    }
  }

  private needs(): readonly string[] {
    const names = this.names.peek();
    const parents = names?.tags.some(({ key }) => `tags.${key}` === PARENT) ? [PARENT] : [];
    return [...ALWAYS, ...parents, ...(this.wanted ?? (names ? candidates(names) : [])), ...this.besides];
  }

  private async fresh(page: Page, token: string): Promise<Page> {
    const sheets: Sheet[] = [];
    for (const sheet of page) {
      const question = this.ask(Object.keys(sheet.columns), token);
      sheets.push(merged(sheet, await this.reads.changes(question, sheet.cursor, this.abort.signal)));
    }
    return sheets.every((sheet, at) => sheet === page[at]) ? page : sheets;
  }

  private ask(columns: readonly string[], page: string): ColumnsQuestion {
    const { filter, order, view } = this.question ?? { filter: "", order: [], view: "ACTIVE_ONLY" };
    return { experimentId: this.experimentId, filter, order, view, columns, rows: PAGE_ROWS, page };
  }

  private latest(): Table {
    const table = tableOf(this.pages);
    return this.sort ? sorted(table, this.sort) : table;
  }

  private told(): void {
    const latest = this.latest();
    this.hasMore.value = Boolean(this.pages.at(-1)?.[0]?.next);
    if (this.isAnswered.peek()) {
      this.news.value = news(this.table.peek(), latest, this.hasMore.peek());
      this.table.value = kept(this.table.peek(), latest);
    } else {
      this.news.value = undefined;
    }
  }

  /** One thing after another; what a new question makes idle is dropped. */
  private next(task: () => Promise<void>, isQuiet = false): Promise<void> {
    const { signal: mine } = this.abort;
    this.work = this.work.then(async () => {
      if (mine.aborted) return;
      if (!isQuiet) this.isAsking.value = true;
      try {
        await task();
        this.failures = 0;
        if (!isQuiet) this.failure.value = undefined;
      } catch (failure) {
        if (!mine.aborted && !isAborted(failure)) this.failed(failure, isQuiet);
      } finally {
        if (!mine.aborted) this.isAsking.value = false;
      }
    });
    return this.work;
  }

  private failed(failure: unknown, isQuiet: boolean): void {
    this.failures += 1;
    // A cursor that the server no longer takes: all is asked for once more.
    if (isQuiet && failure instanceof ApiError && failure.status === 400) this.begin();
    else if (!isQuiet) this.failure.value = failure;
  }
}
