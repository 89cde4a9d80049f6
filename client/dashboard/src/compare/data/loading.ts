// Reading the runs to compare: first what they have, then its columns, as many to a call as one may name.

import { columnNames, MOST_COLUMNS, readColumns } from "../../api/columns";
import { type Compared, MOST_RUNS, put } from "./table";

// Of each kind the most frequent; what few runs have compares nothing.
const MOST_FIELDS = 120;
const ATTRIBUTES = ["attributes.run_name", "attributes.status", "attributes.start_time", "attributes.end_time"];
const FIRST_TAGS = ["mlflow.source.git.commit", "mlflow.source.git.dirty", "mlflow.source.name", "mlflow.user"];

export async function loadCompared(
  experimentId: string,
  asked: readonly string[],
  abort: AbortSignal,
): Promise<Compared> {
  const names = await columnNames(experimentId, abort);
  const tags = names.tags.map(({ key }) => key).filter((key) => !key.startsWith("mlflow.") || FIRST_TAGS.includes(key));
  const keys = {
    params: names.params.map(({ key }) => key),
    tags,
    metrics: names.metrics.map(({ key }) => key),
  };
  const columns = Object.entries(keys).flatMap(([kind, all]) =>
    all.slice(0, MOST_FIELDS).map((key) => `${kind}.${key}`),
  );
  const all = [...ATTRIBUTES, ...columns];
  const replies = await Promise.all(
    chunks(all, MOST_COLUMNS).map((part) => readColumns(question(experimentId, asked, part), abort)),
  );
  const leftOut = Object.values(keys).reduce((sum, each) => sum + Math.max(each.length - MOST_FIELDS, 0), 0);
  return put(asked, replies, leftOut);
}

function question(experimentId: string, asked: readonly string[], columns: readonly string[]) {
  const listed = asked.map((id) => `'${id}'`).join(", ");
  return {
    experimentId,
    filter: `attributes.run_id IN (${listed})`,
    order: [],
    view: "ALL" as const,
    columns,
    rows: MOST_RUNS,
    page: "",
  };
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}
