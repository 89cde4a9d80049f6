// The logged models of a run: those that it made, and those that it used.

import { useEffect, useMemo } from "preact/hooks";
import { ApiError, told } from "../../api/failures";
import { Resource } from "../../api/resource";
import { getModel, getModelFiles, type LoggedModel, type ModelFiles, type Run } from "../../api/run";
import { formatRoute } from "../../app/route";
import { Copy } from "../../ui/copy";
import { moment, size } from "../../ui/format";
import { Notice, Snippet } from "../../ui/notice";
import { loading, loadingByMlflow, registering } from "../snippets";
import { columnsOf, type Named, versionsOf } from "./signature";

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
        <p>
          Registered as{" "}
          {versions.map(({ name, version }) => (
            <a key={`${name} ${version}`} href={formatRoute(["models", name, "versions", version])}>
              {name} {version}{" "}
            </a>
          ))}
        </p>
      )}
      <Files model={answer} />
    </section>
  );
}

function statusOf(status: string): string {
  return status.replace("LOGGED_MODEL_", "").replaceAll("_", " ").toLowerCase();
}

function Files({ model }: { model: LoggedModel }) {
  const { info } = model;
  const found = useMemo(() => new Resource<ModelFiles>(), []);
  const folder = info.artifact_uri.replace(/^mlflow-artifacts:\/|^s3:\/\/[^/]+\//, "");
  const ask = () => found.ask((abort) => getModelFiles(folder, abort));
  useEffect(() => {
    void ask();
    return () => found.stop();
  }, []);
  const { answer, failure } = found.state.value;
  if (failure instanceof ApiError && failure.status === 404) {
    return (
      <p class="hint">
        Its file MLmodel has not arrived, or not been read yet.{" "}
        <button type="button" onClick={ask}>
          Look again
        </button>
      </p>
    );
  }
  if (failure) return <p class="failure">{told(failure)}</p>;
  if (!answer) return <p class="hint">…</p>;
  if (answer.status === "FAILED") return <p class="failure">Its file MLmodel cannot be read: {answer.reason}</p>;
  const names = (answer.flavors ?? []).map((flavor) => `${flavor.name} ${flavor.version}`.trim());
  return (
    <div class="model">
      <p>
        {names.join(", ")}
        <span class="hint">
          {" "}
          {size(answer.size_bytes)}
          {answer.contains_pickle ? ", holds pickles: loading it may run any code" : ""}
        </span>
      </p>
      <Signature files={answer} />
      <Lines title="Load it" lines={loading(location.origin, info.model_id, answer.contains_pickle)} />
      <Lines title="Load it by MLflow" lines={loadingByMlflow(location.origin, info.model_id)} />
      <Lines title="Register it" lines={registering(location.origin, info.model_id, info.name)} />
      <details>
        <summary>Files</summary>
        <table class="pairs">
          <tbody>
            {(answer.files ?? []).map((file) => (
              <tr key={file.path}>
                <td>{file.path}</td>
                <td class="number">{size(file.size)}</td>
                <td class="digest">
                  <code>{file.sha256?.slice(0, 12)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}

function Signature({ files }: { files: ModelFiles }) {
  const parts = (["inputs", "outputs", "params"] as const).map(
    (part) => [part, columnsOf(files.signature, part)] as const,
  );
  if (parts.every(([, columns]) => !columns.length)) return <p class="hint">It has no signature.</p>;
  const example = files.input_example as { artifact_path?: string } | undefined;
  return (
    <>
      <div class="signature">
        {parts
          .filter(([, columns]) => columns.length)
          .map(([part, columns]) => (
            <Columns key={part} title={part} columns={columns} />
          ))}
      </div>
      <p class="hint">
        {files.signature_cut ? "The signature is longer. " : ""}
        {example?.artifact_path ? `It has an input example, ${example.artifact_path}.` : "It has no input example."}
      </p>
    </>
  );
}

function Columns({ title, columns }: { title: string; columns: readonly Named[] }) {
  return (
    <table class="pairs">
      <caption>{title}</caption>
      <tbody>
        {columns.map(({ name, type }, at) => (
          <tr key={at}>
            <td>{name}</td>
            <td>
              <code>{type}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <details>
      <summary>{title}</summary>
      <Snippet lines={lines} />
      <Copy text={lines.join("\n")} />
    </details>
  );
}
