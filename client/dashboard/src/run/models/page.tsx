// The logged models of a run: those that it made, and those that it used.

import { useEffect, useMemo } from "preact/hooks";
import { told } from "../../api/failures";
import { Resource } from "../../api/resource";
import { getModel, type LoggedModel, type Run } from "../../api/run";
import { Copy } from "../../ui/copy";
import { moment } from "../../ui/format";
import { Notice, Snippet } from "../../ui/notice";
import { Files } from "./files";
import { versionsOf } from "./signature";

const MOST = 20;

export function Models({ run }: { run: Run }) {
  const made = (run.outputs?.model_outputs ?? []).map(({ model_id: id }) => id);
  const used = (run.inputs.model_inputs ?? []).map(({ model_id: id }) => id);
  const all = [...new Set([...made, ...used])];
  if (!all.length) {
    return (
      <Notice title="The run has no logged models">
        <p>Log one:</p>
        <Snippet
          lines={[
            "import cumulog",
            `with cumulog.start_run(run_id="${run.info.run_id}"):`,
            '    cumulog.log_model(model, "wine", input_example=features[:2])',
          ]}
        />
      </Notice>
    );
  }
  return (
    <>
      {all
        .slice(-MOST)
        .reverse()
        .map((id) => (
          <Model key={id} modelId={id} isUsed={!made.includes(id)} />
        ))}
      {all.length > MOST && (
        <p class="hint">
          These are the last {MOST} of {all.length} models.
        </p>
      )}
    </>
  );
}

function Model({ modelId, isUsed }: { modelId: string; isUsed: boolean }) {
  const found = useMemo(() => new Resource<LoggedModel>(), []);
  useEffect(() => {
    void found.ask((abort) => getModel(modelId, abort));
    return () => found.stop();
  }, []);
  const { answer, failure } = found.state.value;
  if (failure) {
    return (
      <section class="panel">
        <h2>{modelId}</h2>
        <p class="failure">{told(failure)}</p>
      </section>
    );
  }
  if (!answer) return <p class="hint">…</p>;
  const { info } = answer;
  const versions = versionsOf(info.tags ?? []);
  return (
    <section class="panel">
      <div class="heading run-heading">
        <h2>{info.name}</h2>
        <span class="status">{statusOf(info.status)}</span>
        <span class="hint">
          {isUsed ? "used, " : ""}
          {moment(info.creation_timestamp_ms)}
        </span>
        <Copy text={info.model_id} label="Copy id" />
      </div>
      {versions.length > 0 && (
        <p>Registered as {versions.map(({ name, version }) => `${name} ${version}`).join(", ")}</p>
      )}
      <Files model={answer} />
    </section>
  );
}

function statusOf(status: string): string {
  return status.replace("LOGGED_MODEL_", "").replaceAll("_", " ").toLowerCase();
}
