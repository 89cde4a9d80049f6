// What the palette offers: pages, experiments, runs by their ids, and how the page looks.

import { searchExperiments } from "../api/experiments";
import { get } from "../api/transport";
import { go } from "../app/location";
import { me } from "../session/me";
import { setTheme, THEMES } from "../ui/theme";
import { runIdIn } from "./ranking";

export interface Command {
  readonly title: string;
  readonly hint: string;
  readonly run: () => void | Promise<void>;
}

/** What is always offered. */
export function standing(): Command[] {
  const pages = [{ title: "Experiments", hint: "page", run: () => go(["experiments"]) }];
  const tokens = { title: "Tokens", hint: "page", run: () => go(["tokens"]) };
  const looks = THEMES.map((each) => ({ title: `Colours: ${each}`, hint: "look", run: () => setTheme(each) }));
  return [...pages, ...(me.value?.username ? [tokens] : []), ...looks];
}

/** What the server knows by these letters. */
export async function asked(text: string, abort: AbortSignal): Promise<Command[]> {
  const runId = runIdIn(text);
  if (runId) return [{ title: runId, hint: "run", run: () => openRun(runId) }];
  const { experiments } = await searchExperiments(text.trim(), "ACTIVE_ONLY", "", abort);
  return experiments.map((each) => ({
    title: each.name,
    hint: "experiment",
    run: () => go(["experiments", each.experiment_id, "runs"]),
  }));
}

async function openRun(runId: string): Promise<void> {
  const { run } = await get("/api/2.0/mlflow/runs/get", { run_id: runId });
  go(["experiments", run.info.experiment_id, "runs", runId]);
}
