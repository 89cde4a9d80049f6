// The images of the runs at a step, beside each other. Files are listed and fetched for the runs that are shown alone.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { downloadAmongOthers, head, listArtifacts } from "../api/artifacts";
import { isAborted, told } from "../api/failures";
import { chooseInQuery, route } from "../app/location";
import { Notice, Snippet } from "../ui/notice";
import { imageAt, imageOf, keysOf, type LoggedImage, stepsOf } from "./data/images";
import type { Compared } from "./data/table";

const SHOWN = 24;
// Of one run's list: pages of up to 1,000 files.
const MOST_PAGES = 5;
const MOST_BYTES = 4_000_000;
const FOLDER = "images";

interface Props {
  readonly compared: Compared;
  readonly experimentId: string;
  readonly hrefOf: (run: number) => string;
}

export function Images({ compared, experimentId, hrefOf }: Props) {
  const most = useSignal(SHOWN);
  const { lists, failure } = useLists(compared.ids, most.value);
  const all = [...lists.values()].flat();
  const keys = keysOf(all);
  const { query } = route.value;
  const key = keys.find((each) => each === query.get("image")) ?? keys[0];
  if (!key) return <Nothing isReading={lists.size < Math.min(most.value, compared.ids.length)} failure={failure} />;
  const steps = stepsOf(all, key);
  const wanted = query.get("step");
  const at =
    wanted === null
      ? steps.length - 1
      : Math.max(
          steps.findLastIndex((step) => step <= Number(wanted)),
          0,
        );
  const step = steps[at] ?? 0;
  return (
    <>
      <div class="bar">
        <label class="check">
          Image
          <select value={key} onChange={(event) => chooseInQuery("image", event.currentTarget.value)}>
            {keys.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label class="check">
          Step {step}
          <input
            type="range"
            min="0"
            max={steps.length - 1}
            value={at}
            aria-valuetext={`step ${step}`}
            onInput={(event) => chooseInQuery("step", String(steps[Number(event.currentTarget.value)] ?? ""))}
          />
        </label>
      </div>
      <div class="images">
        {compared.ids.slice(0, most.value).map((id, run) => (
          <figure key={id}>
            <Shown
              root={`${experimentId}/${id}/artifacts/`}
              image={imageAt(lists.get(id) ?? [], key, step)}
              isRead={lists.has(id)}
            />
            <figcaption>
              <a href={hrefOf(run)}>{compared.names[run]}</a>
            </figcaption>
          </figure>
        ))}
      </div>
      {compared.ids.length > most.value && (
        <button type="button" class="more" onClick={() => (most.value += SHOWN)}>
          Show more of {compared.ids.length}
        </button>
      )}
    </>
  );
}

/** The images of the first runs, by run, as they come in. */
function useLists(ids: readonly string[], count: number) {
  const [lists, setLists] = useState<ReadonlyMap<string, readonly LoggedImage[]>>(new Map());
  const [failure, setFailure] = useState("");
  useEffect(() => {
    const abort = new AbortController();
    const read = async () => {
      // One after the other: most runs have none, and the page has other questions too.
      for (const id of ids.slice(0, count)) {
        const found = await listed(id, abort.signal);
        setLists((before) => new Map(before).set(id, found));
      }
    };
    read().catch((error: unknown) => isAborted(error) || setFailure(told(error)));
    return () => abort.abort();
  }, [ids, count]);
  return { lists, failure };
}

async function listed(runId: string, abort: AbortSignal): Promise<LoggedImage[]> {
  const found: LoggedImage[] = [];
  let page = "";
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const { entries, next } = await listArtifacts(runId, FOLDER, page, abort);
    found.push(...entries.flatMap(({ path }) => imageOf(path) ?? []));
    if (!next) break;
    page = next;
  }
  return found;
}

function Shown({ root, image, isRead }: { root: string; image: LoggedImage | undefined; isRead: boolean }) {
  const [bytes, setBytes] = useState<ArrayBuffer | undefined>(undefined);
  const [failure, setFailure] = useState("");
  useEffect(() => {
    if (!image) return;
    const abort = new AbortController();
    const read = async () => {
      const file = await downloadAmongOthers(root + image.path);
      if (file.size > MOST_BYTES) throw new Error("It is larger than 4 MB: see it among the run's files.");
      setBytes(await head(file, MOST_BYTES, abort.signal));
    };
    setFailure("");
    read().catch((error: unknown) => isAborted(error) || setFailure(told(error)));
    return () => abort.abort();
  }, [root, image?.path]);
  const url = useMemo(() => bytes && URL.createObjectURL(new Blob([bytes])), [bytes]);
  useEffect(() => () => (url ? URL.revokeObjectURL(url) : undefined), [url]);
  if (!image) return <div class="no-image">{isRead ? "none up to this step" : "…"}</div>;
  if (failure) return <div class="no-image failure">{failure}</div>;
  return url ? <img src={url} alt={`${image.key} at step ${image.step}`} /> : <div class="no-image">…</div>;
}

function Nothing({ isReading, failure }: { isReading: boolean; failure: string }) {
  if (failure) {
    return (
      <p class="failure" role="alert">
        {failure}
      </p>
    );
  }
  if (isReading) return <p class="hint">Looking for images …</p>;
  return (
    <Notice title="These runs have no images by step">
      <p>Log some:</p>
      <Snippet lines={["with cumulog.start_run():", '    cumulog.log_image(array, key="samples", step=epoch)']} />
    </Notice>
  );
}
