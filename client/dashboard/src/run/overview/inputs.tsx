// The datasets that the run used.

import type { DatasetInput } from "../../api/run";
import { Scroll } from "../../ui/scroll";
import { Value } from "./rows";

const CONTEXT = "mlflow.data.context";

export function Inputs({ inputs }: { inputs: readonly DatasetInput[] }) {
  if (!inputs.length) return null;
  return (
    <section class="panel">
      <h2>
        Datasets <span class="count">{inputs.length}</span>
      </h2>
      <Scroll label="Datasets" height="low">
        <table class="pairs">
          <thead>
            <tr>
              <th>Name</th>
              <th>Used for</th>
              <th>Digest</th>
              <th>Source</th>
            </tr>
          </thead>
          <tbody>
            {inputs.map(({ dataset, tags }) => (
              <tr key={`${dataset.name} ${dataset.digest}`}>
                <td>{dataset.name}</td>
                <td>{tags?.find(({ key }) => key === CONTEXT)?.value ?? ""}</td>
                <td>
                  <code>{dataset.digest}</code>
                </td>
                <td class="value">
                  <Value text={[dataset.source_type, dataset.source].filter(Boolean).join(" ")} />
                  <Profile title="Schema" text={dataset.schema} />
                  <Profile title="Profile" text={dataset.profile} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function Profile({ title, text }: { title: string; text: string | undefined }) {
  if (!text) return null;
  return (
    <details>
      <summary>{title}</summary>
      <pre class="snippet">{text}</pre>
    </details>
  );
}
