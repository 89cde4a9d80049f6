// Questions that come at the same time are asked as one.

interface Waiting<Answer> {
  readonly key: string;
  readonly answered: (answer: Answer) => void;
  readonly failed: (failure: unknown) => void;
}

const TOGETHER_MS = 20;

export class Together<Answer> {
  private waiting: Waiting<Answer>[] = [];

  /** `question` answers for keys in their order, of which it takes at most `most`. */
  constructor(
    private readonly question: (keys: string[]) => Promise<readonly Answer[]>,
    private readonly most: number,
  ) {}

  ask(key: string): Promise<Answer> {
    if (this.waiting.length === 0) setTimeout(() => this.send(), TOGETHER_MS);
    return new Promise((answered, failed) => this.waiting.push({ key, answered, failed }));
  }

  private send(): void {
    const all = this.waiting;
    this.waiting = [];
    for (let at = 0; at < all.length; at += this.most) void this.portion(all.slice(at, at + this.most));
  }

  private async portion(some: readonly Waiting<Answer>[]): Promise<void> {
    try {
      const answers = await this.question(some.map(({ key }) => key));
      for (const [at, { key, answered, failed }] of some.entries()) {
        const answer = answers[at];
        if (answer === undefined) failed(new Error(`There is no answer for ${key}.`));
        else answered(answer);
      }
    } catch (failure) {
      for (const { failed } of some) failed(failure);
    }
  }
}
