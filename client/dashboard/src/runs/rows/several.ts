// The same call for several runs, a few at a time.

const AT_ONCE = 4;

/** Do it for each, and tell what is done. Ends at the first failure, once those that are under way have ended. */
export async function forEach(
  ids: readonly string[],
  what: (id: string) => Promise<void>,
  onProgress: (done: readonly string[]) => void,
): Promise<void> {
  let next = 0;
  const done: string[] = [];
  const failures: unknown[] = [];
  const work = async () => {
    while (next < ids.length && failures.length === 0) {
      const id = ids[next] ?? "";
      next += 1;
      try {
        await what(id);
        done.push(id);
        onProgress([...done]);
      } catch (failure) {
        failures.push(failure);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const [failure] = failures;
  if (failure === undefined) return;
  const why = failure instanceof Error ? failure.message : String(failure);
  const left = ids.length - done.length;
  throw new Error(
    done.length ? `${why} ${done.length} of ${ids.length} are done; the other ${left} stay selected.` : why,
  );
}
