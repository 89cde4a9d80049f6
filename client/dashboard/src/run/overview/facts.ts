// What a run says of itself, as rows: label and value.

import type { Pair, Run } from "../../api/run";
import { duration, moment } from "../../ui/format";

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** What is said after it. */
  readonly remark?: string;
  /** Whether it is a name, a digest or a command, which is set in the font of code. */
  readonly isCode?: boolean;
  /** Where it leads, behind the #. */
  readonly link?: readonly string[];
}

const OURS = ["mlflow.", "cumulog."];
export const NOTE = "mlflow.note.content";
export const PARENT = "mlflow.parentRunId";

export function tagsOf(run: Run): ReadonlyMap<string, string> {
  return new Map((run.data.tags ?? []).map(({ key, value }) => [key, value]));
}

/** The tags that people set, in the order of their names. */
export function ownTags(run: Run): Pair[] {
  return sorted((run.data.tags ?? []).filter(({ key }) => !isSystem(key)));
}

/** The tags that clients and the server set. */
export function systemTags(run: Run): Pair[] {
  return sorted((run.data.tags ?? []).filter(({ key }) => isSystem(key) && key !== NOTE));
}

function isSystem(key: string): boolean {
  return OURS.some((beginning) => key.startsWith(beginning));
}

function sorted(pairs: readonly Pair[]): Pair[] {
  return pairs.toSorted((one, other) => one.key.localeCompare(other.key, "en", { numeric: true }));
}

export function params(run: Run): Pair[] {
  return sorted(run.data.params ?? []);
}

/** How long the run took, or has been taking. */
export function taken(run: Run, now: number): string {
  const { start_time: start, end_time: end, status } = run.info;
  if (!start || (!end && status !== "RUNNING")) return "";
  return duration((end || now) - start);
}

export function details(run: Run, now: number): Fact[] {
  const { info } = run;
  const tags = tagsOf(run);
  const facts: Fact[] = [
    { label: "Run id", value: info.run_id, isCode: true },
    { label: "Started", value: moment(info.start_time ?? 0) },
    { label: "Ended", value: moment(info.end_time ?? 0) },
    { label: "Duration", value: taken(run, now) },
    { label: "User", value: info.user_id },
    { label: "Source", value: tags.get("mlflow.source.name") ?? "", isCode: true },
    { label: "Commit", value: tags.get("mlflow.source.git.commit") ?? "", isCode: true, ...dirty(tags) },
    { label: "Branch", value: tags.get("mlflow.source.git.branch") ?? "", isCode: true },
    { label: "Repository", value: tags.get("mlflow.source.git.repoURL") ?? "", isCode: true },
    { label: "Files", value: info.artifact_uri, isCode: true },
    { label: "Ended by the server", value: tags.get("cumulog.lease") ?? "" },
  ];
  return facts.filter(({ value }) => value !== "");
}

function dirty(tags: ReadonlyMap<string, string>): { remark?: string } {
  return tags.get("mlflow.source.git.dirty") === "true" ? { remark: "with changes" } : {};
}
