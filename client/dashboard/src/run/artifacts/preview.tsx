// One file: its size and digest, and what can be shown of it.

import { useEffect, useMemo, useState } from "preact/hooks";
import { type Download, downloadOf } from "../../api/artifacts";
import { ApiError, told } from "../../api/failures";
import { Resource } from "../../api/resource";
import { Copy } from "../../ui/copy";
import { size } from "../../ui/format";
import { FailureLine, Notice } from "../../ui/notice";
import { Content } from "./content";
import { kindOf, MOST, nameOf } from "./kinds";

const SHOWN_IN_PART = new Set(["text", "markdown", "csv", "patch", "parquet", "unknown"]);

export function Preview({ root, path }: { root: string; path: string }) {
  const found = useMemo(() => new Resource<Download>(), []);
  const ask = () => found.ask((abort) => downloadOf(root + path, abort));
  useEffect(() => {
    void ask();
    return () => found.stop();
  }, []);

  const { answer, failure } = found.state.value;
  if (failure instanceof ApiError && failure.status === 404) {
    return (
      <Notice title="There is no such file">
        <p>
          <code>{path}</code> was deleted, or never arrived. <code>cumulog sync --list</code> shows what a client could
          not deliver.
        </p>
      </Notice>
    );
  }
  if (failure) return <FailureLine failure={failure} again={ask} />;
  if (!answer) return <p class="hint">…</p>;
  const kind = kindOf(path);
  const isTooLarge = answer.size > MOST[kind] && !SHOWN_IN_PART.has(kind);
  return (
    <>
      <div class="heading file-heading">
        <h2>{nameOf(path)}</h2>
        <span class="hint">{size(answer.size)}</span>
        <Copy text={path} label="Copy path" />
        <Save path={root + path} />
      </div>
      {answer.sha256 && (
        <p class="hint digest">
          SHA-256 <code>{answer.sha256}</code>
        </p>
      )}
      {isTooLarge ? (
        <Notice title="This file is too large to be shown">
          <p>
            It has {size(answer.size)}, and files of its kind are shown up to {size(MOST[kind])}. Download it instead.
          </p>
        </Notice>
      ) : (
        <Content file={answer} path={path} kind={kind} />
      )}
    </>
  );
}

/** Downloads straight from the bucket. The link lasts five minutes, so it is asked for when it is needed. */
function Save({ path }: { path: string }) {
  const [failure, setFailure] = useState("");
  const save = async () => {
    try {
      const link = document.createElement("a");
      link.href = (await downloadOf(path)).url;
      link.rel = "noopener noreferrer";
      link.click();
      setFailure("");
    } catch (error) {
      setFailure(told(error));
    }
  };
  return (
    <>
      <button type="button" onClick={save}>
        Download
      </button>
      {failure && (
        <span class="failure" role="alert">
          {failure}
        </span>
      )}
    </>
  );
}
