// Images that were logged by step: which keys and steps there are, and what each run has at a step.

import { type Logged, loggedOf } from "../../run/artifacts/pictures";

export interface LoggedImage extends Logged {
  readonly path: string;
}

export function imageOf(path: string): LoggedImage | undefined {
  const logged = loggedOf(path);
  return logged && { path, ...logged };
}

/** The keys of all images, in order. */
export function keysOf(images: Iterable<LoggedImage>): string[] {
  return [...new Set([...images].map(({ key }) => key))].sort();
}

export function stepsOf(images: Iterable<LoggedImage>, key: string): number[] {
  const steps = [...images].filter((image) => image.key === key).map(({ step }) => step);
  return [...new Set(steps)].sort((one, other) => one - other);
}

/** The last image of a key up to a step, the small one of it where there are two. */
export function imageAt(images: Iterable<LoggedImage>, key: string, step: number): LoggedImage | undefined {
  const before = [...images].filter((image) => image.key === key && image.step <= step);
  before.sort(
    (one, other) => other.step - one.step || other.logged - one.logged || Number(other.isSmall) - Number(one.isSmall),
  );
  return before[0];
}
