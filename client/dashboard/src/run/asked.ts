// What the page of a run has asked for: the run, again and again while it runs and somebody looks.

import { useEffect, useMemo } from "preact/hooks";
import { Resource } from "../api/resource";
import { getRun, type Run } from "../api/run";

const AGAIN_MS = 5_000;
// A run with many metrics is a large reply: it is asked for less often.
const MANY = 300;
const EACH_WHEN_MANY = 6;

export interface AskedRun {
  readonly run: Run | undefined;
  readonly failure: unknown;
  readonly again: () => Promise<void>;
}

export function useRun(runId: string): AskedRun {
  const found = useMemo(() => new Resource<Run>(), [runId]);
  const again = () => found.ask((abort) => getRun(runId, abort));
  useEffect(() => {
    void again();
    let tick = 0;
    const timer = setInterval(() => {
      const { answer, isAsking } = found.state.peek();
      tick += 1;
      if ((answer?.data.metrics?.length ?? 0) > MANY && tick % EACH_WHEN_MANY !== 0) return;
      const isRunning = answer?.info.status === "RUNNING" && answer.info.lifecycle_stage !== "deleted";
      if (isRunning && !isAsking && document.visibilityState === "visible") void again();
    }, AGAIN_MS);
    return () => {
      clearInterval(timer);
      found.stop();
    };
  }, [found]);
  const { answer, failure } = found.state.value;
  return { run: answer, failure, again };
}
