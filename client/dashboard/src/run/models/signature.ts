// What a logged model says of its columns and versions. It comes from files and tags, and may hold anything.

import type { Pair } from "../../api/run";

export interface Named {
  readonly name: string;
  readonly type: string;
}

const MOST_COLUMNS = 100;

/** The columns, tensors or params of one part of a signature; unnamed ones are numbered. */
export function columnsOf(signature: unknown, part: "inputs" | "outputs" | "params"): Named[] {
  const found = (signature as Record<string, unknown> | undefined)?.[part];
  if (!Array.isArray(found)) return [];
  return found.slice(0, MOST_COLUMNS).map((each, at) => {
    const { name, required, ...rest } = (each ?? {}) as Record<string, unknown>;
    const type = typeName(rest) + (required === false ? ", optional" : "");
    return { name: typeof name === "string" ? name : `${at}`, type };
  });
}

function typeName(column: Record<string, unknown>): string {
  const tensor = column["tensor-spec"] as { dtype?: unknown; shape?: unknown } | undefined;
  if (tensor) return `${tensor.dtype}${JSON.stringify(tensor.shape ?? [])}`;
  const { type, dtype, shape, default: otherwise } = column;
  const named = typeof (type ?? dtype) === "string" ? String(type ?? dtype) : JSON.stringify(column);
  const sized = Array.isArray(shape) ? named + JSON.stringify(shape) : named;
  return otherwise === undefined ? sized : `${sized} = ${JSON.stringify(otherwise)}`;
}

/** The versions of registered models that a logged model became, each once: MLflow's client notes them too. */
export function versionsOf(tags: readonly Pair[]): { name: string; version: string }[] {
  const text = tags.find(({ key }) => key === "mlflow.modelVersions")?.value;
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(found)) return [];
    const versions = found.map(({ name, version }) => ({ name: String(name), version: String(version) }));
    return [...new Map(versions.map((each) => [`${each.name} ${each.version}`, each])).values()];
  } catch {
    return [];
  }
}
