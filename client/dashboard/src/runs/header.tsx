// The experiment above its runs: its name, where it stands, its tags and its note.

import type { Experiment } from "../api/experiments";
import { formatRoute } from "../app/route";
import { moment } from "../ui/format";

const NOTE = "mlflow.note.content";
const MOST_TAGS = 8;

export function Header({ experiment }: { experiment: Experiment }) {
  const tags = experiment.tags ?? [];
  const note = tags.find(({ key }) => key === NOTE)?.value;
  const others = tags.filter(({ key }) => !key.startsWith("mlflow."));
  return (
    <header class="experiment">
      <h1 title={experiment.name}>
        <Path name={experiment.name} />
      </h1>
      <span class="quiet" title={`Created ${moment(experiment.creation_time)}. ${experiment.artifact_location}`}>
        id {experiment.experiment_id}
      </span>
      {others.slice(0, MOST_TAGS).map(({ key, value }) => (
        <span key={key} class="chip" title={`${key}: ${value}`}>
          <span class="quiet">{key}</span> {value}
        </span>
      ))}
      {others.length > MOST_TAGS && <span class="quiet">and {others.length - MOST_TAGS} tags more</span>}
      {note && <Note text={note} />}
    </header>
  );
}

/** The name; each part before a slash leads to the experiments that begin like it. */
function Path({ name }: { name: string }) {
  const parts = name.split("/");
  const query = (at: number) => new URLSearchParams({ search: `${parts.slice(0, at + 1).join("/")}/` });
  return (
    <>
      {parts.slice(0, -1).map((part, at) => (
        <span key={at}>
          <a href={formatRoute(["experiments"], query(at))}>{part}</a>/
        </span>
      ))}
      <span>{parts.at(-1)}</span>
    </>
  );
}

function Note({ text }: { text: string }) {
  const [first = "", ...rest] = text.trim().split("\n");
  if (rest.length === 0) return <p class="note">{first}</p>;
  return (
    <details class="note">
      <summary>{first}</summary>
      <p>{rest.join("\n").trim()}</p>
    </details>
  );
}
