// What differs between the runs, and what all of them share.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { colourName } from "../charts/colours";
import { scaleOf, suitsLog } from "../charts/scales";
import { number } from "../ui/format";
import { Scroll } from "../ui/scroll";
import { differs, type Field, fiveNumbers, isNumeric, numberOf, ordered, shares } from "./data/fields";
import type { Compared } from "./data/table";
import { titleOf, valueText } from "./data/texts";

const CHIPS = 8;
// More columns than these do not fit beside each other.
const MOST_BESIDE = 10;
const KINDS = { params: "Param", tags: "Tag", attributes: "Run", metrics: "Metric" } as const;

interface Props {
  readonly compared: Compared;
  readonly hrefOf: (run: number) => string;
}

export function Differences({ compared, hrefOf }: Props) {
  const isOpen = useSignal(false);
  const fields = ordered(compared.fields);
  const different = fields.filter(differs);
  const same = fields.filter((field) => !differs(field));
  return (
    <>
      {different.length === 0 && <p>These runs differ in nothing that is known of them.</p>}
      {different.length > 0 &&
        (compared.ids.length > MOST_BESIDE ? (
          <Table compared={compared} fields={different} />
        ) : (
          <SideBySide compared={compared} fields={different} hrefOf={hrefOf} />
        ))}
      {same.length > 0 && (
        <details class="same" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
          <summary>The same in all runs: {same.length}</summary>
          {isOpen.value && <Table compared={compared} fields={same} />}
        </details>
      )}
      {compared.leftOut > 0 && <p class="hint">{compared.leftOut} rarer fields are not compared.</p>}
    </>
  );
}

function Table({ compared, fields }: { compared: Compared; fields: readonly Field[] }) {
  return (
    <FieldRows
      label="Fields and their values"
      heads={<th>Values in {compared.ids.length} runs</th>}
      fields={fields}
      cells={(field) => (
        <td>
          <Values field={field} />
        </td>
      )}
    />
  );
}

interface FieldRowsProps {
  label: string;
  isFew?: boolean;
  heads: ComponentChildren;
  fields: readonly Field[];
  cells: (field: Field) => ComponentChildren;
}

/** A table with a row for each field: its title, and what `cells` makes of it below `heads`. */
function FieldRows({ label, isFew, heads, fields, cells }: FieldRowsProps) {
  return (
    <Scroll label={label}>
      <table class={isFew ? "list differences few" : "list differences"}>
        <thead>
          <tr>
            <th>Field</th>
            {heads}
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.column}>
              <th scope="row">
                <Title field={field} />
              </th>
              {cells(field)}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Title({ field }: { field: Field }) {
  return (
    <>
      <span class="kind">{KINDS[field.kind]}</span> {titleOf(field)}
    </>
  );
}

/** A few runs: a column for each, headed by the colour that its curves have. */
function SideBySide({ compared, fields, hrefOf }: Props & { fields: readonly Field[] }) {
  const heads = compared.ids.map((id, run) => (
    <th key={id}>
      <i class="swatch" style={{ background: colourName(run) }} />
      <a href={hrefOf(run)} title={compared.names[run]}>
        {compared.names[run]}
      </a>
    </th>
  ));
  const cells = (field: Field) =>
    field.values.map((value, run) => (
      <td key={compared.ids[run]} title={value === null ? undefined : String(value)}>
        {valueText(field, value)}
      </td>
    ));
  return <FieldRows label="Fields and the value of each run" isFew heads={heads} fields={fields} cells={cells} />;
}

function Values({ field }: { field: Field }) {
  const found = shares(field);
  if (found.length > CHIPS && isNumeric(field)) return <Spread field={field} />;
  return (
    <ul class="chips">
      {found.slice(0, CHIPS).map(({ value, runs }) => (
        <li key={String(value)} class={value === null ? "none" : ""}>
          {valueText(field, value)} {found.length > 1 && <b>{runs}</b>}
        </li>
      ))}
      {found.length > CHIPS && <li class="none">and {found.length - CHIPS} more</li>}
    </ul>
  );
}

/** Many numbers: their range, and each run as a mark on it. */
function Spread({ field }: { field: Field }) {
  const values = field.values.map(numberOf);
  const five = fiveNumbers(values);
  if (!five || field.column.endsWith("_time")) return <>{shares(field).length} values</>;
  const [low, , median, , high] = five;
  const scale = scaleOf(values, suitsLog(values));
  const place = (value: number) => scale.place(value) * 200 + 2;
  return (
    <span class="spread">
      <span class="number">{number(low)}</span>
      <svg viewBox="0 0 204 14" width="204" height="14" role="img" aria-label={`median ${number(median)}`}>
        {values.map((value, run) =>
          Number.isFinite(value) ? <line key={run} x1={place(value)} x2={place(value)} y1="2" y2="12" /> : null,
        )}
        <line class="median" x1={place(median)} x2={place(median)} y1="0" y2="14" />
      </svg>
      <span class="number">{number(high)}</span>
      <span class="hint">median {number(median)}</span>
    </span>
  );
}
