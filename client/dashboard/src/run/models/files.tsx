// What the files of a logged model say: flavors, signature, input example, and lines to load it.

import { useEffect, useMemo, useState } from "preact/hooks";
import { ApiError, told } from "../../api/failures";
import { Resource } from "../../api/resource";
import { getModelFiles, type LoggedModel, type ModelFiles } from "../../api/run";
import { Copy } from "../../ui/copy";
import { size } from "../../ui/format";
import { Snippet } from "../../ui/notice";
import { Preview } from "../artifacts/preview";
import { loading, loadingByMlflow, registering } from "../snippets";
import { columnsOf, type Named } from "./signature";

export function Files({ model }: { model: LoggedModel }) {
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
      <Example root={`${folder}/`} files={answer} />
      <Lines title="Load it" lines={loading(location.origin, info.model_id, answer.contains_pickle)} />
      <Lines title="Load it by MLflow" lines={loadingByMlflow(location.origin, info.model_id)} />
      <Lines title="Register it" lines={registering(location.origin, info.model_id, info.name)} />
      <FileList root={`${folder}/`} files={answer.files ?? []} isCut={answer.files_cut} />
    </div>
  );
}

function FileList({ root, files, isCut }: { root: string; files: NonNullable<ModelFiles["files"]>; isCut: boolean }) {
  const [chosen, setChosen] = useState("");
  return (
    <details>
      <summary>Files</summary>
      <table class="pairs">
        <tbody>
          {files.map(({ path, size: bytes, pickle }) => (
            <tr key={path}>
              <td>
                <button
                  type="button"
                  class="plain file-name"
                  aria-pressed={path === chosen}
                  onClick={() => setChosen(path)}
                >
                  {path}
                </button>
              </td>
              <td class="hint">{pickle ? "pickle" : ""}</td>
              <td class="number">{size(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isCut && <p class="hint">There are more files.</p>}
      {chosen && (
        <div class="preview">
          <Preview key={chosen} root={root} path={chosen} />
        </div>
      )}
    </details>
  );
}

function Signature({ files }: { files: ModelFiles }) {
  const parts = (["inputs", "outputs", "params"] as const).map(
    (part) => [part, columnsOf(files.signature, part)] as const,
  );
  if (parts.every(([, columns]) => !columns.length)) return <p class="hint">It has no signature.</p>;
  return (
    <>
      <div class="signature">
        {parts
          .filter(([, columns]) => columns.length)
          .map(([part, columns]) => (
            <Columns key={part} title={part} columns={columns} />
          ))}
      </div>
      {files.signature_cut && <p class="hint">The signature is longer.</p>}
    </>
  );
}

function Example({ root, files }: { root: string; files: ModelFiles }) {
  const [isOpen, setIsOpen] = useState(false);
  const { artifact_path: path } = (files.input_example ?? {}) as { artifact_path?: unknown };
  if (typeof path !== "string") return <p class="hint">It has no input example.</p>;
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>Input example</summary>
      {isOpen && <Preview root={root} path={path} />}
    </details>
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
