// Images that were logged by step, as MLflow's log_image names their files:
// images/<key, ~ for />+step+<step>+timestamp+<ms>+<random>.png, and +compressed.webp for a small one.

// Earlier versions of MLflow wrote % for + and # for /.
const NAME = /^images\/(.+)([+%])step\2(\d+)\2timestamp\2(\d+)\2[^+%/]+(\2compressed)?\.\w+$/;

export interface LoggedImage {
  readonly path: string;
  readonly key: string;
  readonly step: number;
  readonly logged: number;
  readonly isSmall: boolean;
}

export function imageOf(path: string): LoggedImage | undefined {
  const [, key, , step, logged, small] = NAME.exec(path) ?? [];
  if (!key) return undefined;
  return {
    path,
    key: key.replaceAll(/[~#]/g, "/"),
    step: Number(step),
    logged: Number(logged),
    isSmall: small !== undefined,
  };
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
