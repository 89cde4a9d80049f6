// The files of a run: a tree at the left, what is chosen at the right.

import { useState } from "preact/hooks";
import type { Run } from "../../api/run";
import { route } from "../../app/location";
import { Notice, Snippet } from "../../ui/notice";
import { rootOf } from "../files";
import { Gallery } from "./gallery";
import { Preview } from "./preview";
import { Nothing, Tree } from "./tree";

export function Artifacts({ run }: { run: Run }) {
  const root = rootOf(run);
  const path = route.value.query.get("path") ?? "";
  const [isEmpty, setIsEmpty] = useState(false);
  if (!root) {
    return (
      <Notice title="The files of this run lie in other storage">
        <p>
          They are at <code>{run.info.artifact_uri}</code>. Only a client with credentials for that storage reads them:
        </p>
        <Snippet
          lines={[
            "import mlflow",
            "",
            `mlflow.artifacts.download_artifacts(${JSON.stringify(run.info.artifact_uri)}, dst_path="files")`,
          ]}
        />
      </Notice>
    );
  }
  if (isEmpty) return <Nothing runId={run.info.run_id} />;
  return (
    <div class="artifacts">
      <nav class="tree" aria-label="Files">
        <Tree runId={run.info.run_id} chosen={path} onEmpty={() => setIsEmpty(true)} />
      </nav>
      <div class="preview">
        {path && !path.endsWith("/") ? (
          <Preview key={path} root={root} path={path} />
        ) : (
          <Gallery key={path} runId={run.info.run_id} root={root} path={path.replace(/\/$/, "")} />
        )}
      </div>
    </div>
  );
}
