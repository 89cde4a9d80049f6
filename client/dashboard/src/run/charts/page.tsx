import type { Run } from "../../api/run";

export function Charts({ run }: { run: Run }) {
  return <p class="hint">{run.data.metrics?.length ?? 0} metrics</p>;
}
