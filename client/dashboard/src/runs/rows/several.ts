// The same call for several runs, a few at a time.

const AT_ONCE = 4;

/** Do it for each. Ends at the first failure, once those that are under way have ended, and says how far it came. */
export async function forEach(
  ids: readonly string[],
  what: (id: string) => Promise<void>,
  onProgress: (done: number) => void,
): Promise<void> {
  let next = 0;
  let done = 0;
  const failures: unknown[] = [];
  const work = async () => {
    while (next < ids.length && failures.length === 0) {
      const id = ids[next] ?? "";
      next += 1;
      try {
        await what(id);
        done += 1;
        onProgress(done);
      } catch (failure) {
        failures.push(failure);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const [failure] = failures;
  if (failure === undefined) return;
  const why = failure instanceof Error ? failure.message : String(failure);
  throw new Error(done ? `${why} Done before that: ${done} of ${ids.length}.` : why);
}
