// A table of names and values with a search, bounded: more rows are shown when asked for.

import { useSignal } from "@preact/signals";
import { Copy } from "../../ui/copy";
import { Scroll } from "../../ui/scroll";
import { matching } from "../metrics";

const FEW = 12;
const MOST = 200;
const LONG = 240;

interface Props {
  readonly title: string;
  /** What the rows are, in the plural. */
  readonly of: string;
  readonly headers: readonly string[];
  /** The name first. */
  readonly rows: readonly (readonly string[])[];
  readonly areNumbers?: boolean;
  readonly isFolded?: boolean;
  /** Where a name leads, behind the #. */
  readonly link?: (name: string) => string;
}

export function Rows(props: Props) {
  const { title, rows, isFolded } = props;
  if (!rows.length) return null;
  const heading = (
    <>
      {title} <span class="count">{rows.length}</span>
    </>
  );
  if (!isFolded) {
    return (
      <section class="panel">
        <h2>{heading}</h2>
        <Found {...props} />
      </section>
    );
  }
  return (
    <details class="panel">
      <summary class="title">{heading}</summary>
      <Found {...props} />
    </details>
  );
}

/** The rows that a search finds, so many of them. */
function Found(props: Props) {
  const { of, rows, areNumbers } = props;
  const search = useSignal("");
  const most = useSignal(MOST);
  const matches = matching(search.value);
  const found = rows.filter(([name = "", value = ""]) => matches(areNumbers ? name : `${name} ${value}`));
  return (
    <>
      {rows.length > FEW && (
        <input
          type="search"
          class="narrow"
          placeholder={`Search ${of}`}
          aria-label={`Search ${of}`}
          value={search.value}
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
      )}
      <Table {...props} rows={found.slice(0, most.value)} />
      {found.length === 0 && <p class="hint">No {of} match.</p>}
      {found.length > most.value && (
        <button type="button" class="more" onClick={() => (most.value += 5 * MOST)}>
          Show more of {found.length}
        </button>
      )}
    </>
  );
}

function Table({ of, headers, rows, areNumbers, link }: Props) {
  const kindOf = (at: number) => (at === 0 ? "name" : areNumbers ? "number" : "value");
  return (
    <Scroll label={of} height="low">
      <table class="pairs">
        <thead>
          <tr>
            {headers.map((header, at) => (
              <th key={header} class={kindOf(at)}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]}>
              {row.map((cell, at) => (
                <td key={headers[at]} class={kindOf(at)}>
                  {at === 0 && link ? <a href={link(cell)}>{cell}</a> : areNumbers ? cell : <Value text={cell} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** A text; of a long one the beginning, and the rest when asked for. */
export function Value({ text }: { text: string }) {
  if (text.length <= LONG) return <>{text}</>;
  return (
    <details class="long">
      <summary>
        {text.slice(0, LONG)}… <span class="hint">{text.length} characters</span>
      </summary>
      {text}
      <Copy text={text} />
    </details>
  );
}
