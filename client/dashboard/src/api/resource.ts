// What a page has asked for: being asked, answered or failed. The last answer stays while it is asked anew.

import { type Signal, signal } from "@preact/signals";
import { isAborted } from "./failures";

export interface Asked<Answer> {
  readonly answer: Answer | undefined;
  readonly failure: unknown;
  readonly isAsking: boolean;
}

export class Resource<Answer> {
  readonly state: Signal<Asked<Answer>> = signal({ answer: undefined, failure: undefined, isAsking: false });
  private current: AbortController | undefined;

  /** Ask, and drop the question before. Resolves when the answer or failure is in `state`. */
  async ask(question: (abort: AbortSignal) => Promise<Answer>): Promise<void> {
    this.stop();
    const mine = new AbortController();
    this.current = mine;
    this.state.value = { ...this.state.peek(), failure: undefined, isAsking: true };
    try {
      const answer = await question(mine.signal);
      if (this.current === mine) this.state.value = { answer, failure: undefined, isAsking: false };
    } catch (failure) {
      if (this.current === mine && !isAborted(failure)) {
        this.state.value = { ...this.state.peek(), failure, isAsking: false };
      }
    }
  }

  /** Change the answer, as after an action whose effect is known. */
  change(changed: (answer: Answer) => Answer): void {
    const { answer } = this.state.peek();
    if (answer !== undefined) this.state.value = { ...this.state.peek(), answer: changed(answer) };
  }

  stop(): void {
    this.current?.abort();
    this.current = undefined;
  }
}
