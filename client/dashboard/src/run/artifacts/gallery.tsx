// The pictures of a folder, side by side: small ones are fetched as they come into view.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { downloadAmongOthers, type Folder, head, listArtifacts } from "../../api/artifacts";
import { told } from "../../api/failures";
import { Resource } from "../../api/resource";
import { changeQuery } from "../../app/location";
import { MOST, typeOf } from "./kinds";
import { type Picture, picturesOf } from "./pictures";

const MOST_PICTURES = 200;
const MARGIN = "200px";

export function Gallery({ runId, root, path }: { runId: string; root: string; path: string }) {
  const found = useMemo(() => new Resource<Folder>(), []);
  useEffect(() => {
    void found.ask((abort) => listArtifacts(runId, path, "", abort));
    return () => found.stop();
  }, []);
  const { answer, failure } = found.state.value;
  if (failure) return <p class="failure">{told(failure)}</p>;
  if (!answer) return <p class="hint">…</p>;
  const pictures = picturesOf(answer.entries);
  if (!pictures.length) return <p class="hint">Choose a file to see it. This folder has no pictures.</p>;
  return (
    <>
      <p class="hint">
        {pictures.length} pictures in {path || "the run's folder"}
        {pictures.length > MOST_PICTURES || answer.next ? `; the first ${MOST_PICTURES} are shown` : ""}
      </p>
      {[...keyed(pictures.slice(0, MOST_PICTURES))].map(([key, members]) => (
        <section key={key}>
          {key && <h3>{key}</h3>}
          <div class="gallery">
            {members.map((picture) => (
              <Thumbnail key={picture.path} root={root} picture={picture} />
            ))}
          </div>
        </section>
      ))}
    </>
  );
}

function keyed(pictures: readonly Picture[]): Map<string, Picture[]> {
  const groups = new Map<string, Picture[]>();
  for (const picture of pictures) groups.set(picture.key, [...(groups.get(picture.key) ?? []), picture]);
  return groups;
}

function Thumbnail({ root, picture }: { root: string; picture: Picture }) {
  const { path, small, label } = picture;
  const place = useRef<HTMLButtonElement>(null);
  const found = useMemo(() => new Resource<ArrayBuffer>(), []);
  useEffect(() => {
    if (!place.current || small.size > MOST.image) return;
    const observer = new IntersectionObserver(
      ([seen]) => {
        if (!seen?.isIntersecting) return;
        observer.disconnect();
        void found.ask(async (abort) => head(await downloadAmongOthers(root + small.path), MOST.image, abort));
      },
      { rootMargin: MARGIN },
    );
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      found.stop();
    };
  }, []);
  const { answer, failure } = found.state.value;
  return (
    <button ref={place} type="button" class="plain" title={path} onClick={() => changeQuery({ path })}>
      {answer ? <Shown bytes={answer} path={small.path} /> : <span class="blank">{failure ? told(failure) : ""}</span>}
      <span class="hint">{label}</span>
    </button>
  );
}

function Shown({ bytes, path }: { bytes: ArrayBuffer; path: string }) {
  const [isBroken, setIsBroken] = useState(false);
  const url = useMemo(() => URL.createObjectURL(new Blob([bytes], { type: typeOf(path) })), [bytes, path]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  if (isBroken) return <span class="blank">Broken</span>;
  return <img src={url} alt={path} onError={() => setIsBroken(true)} />;
}
