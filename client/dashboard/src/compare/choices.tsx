// What a drawing shows: choosing fields and scales.

import type { Axis } from "./data/axes";
import type { Field } from "./data/fields";
import { titleOf } from "./data/texts";

const GROUPS = [
  ["params", "Params"],
  ["metrics", "Metrics"],
  ["tags", "Tags"],
  ["attributes", "Run"],
] as const;

interface Props {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly now: Field | undefined;
  /** What the choice of no field is called, where one need not be chosen. */
  readonly none?: string;
  readonly onChoose: (column: string) => void;
}

export function FieldChoice({ title, fields, now, none, onChoose }: Props) {
  return (
    <label class="check">
      {title}
      <select value={now?.column ?? ""} onChange={(event) => onChoose(event.currentTarget.value)}>
        {none && <option value="">{none}</option>}
        {GROUPS.map(([kind, name]) => {
          const among = fields.filter((field) => field.kind === kind);
          return among.length ? (
            <optgroup key={kind} label={name}>
              {among.map((field) => (
                <option key={field.column} value={field.column}>
                  {titleOf(field)}
                </option>
              ))}
            </optgroup>
          ) : null;
        })}
      </select>
    </label>
  );
}

interface AxesProps {
  readonly fields: readonly Field[];
  readonly now: readonly Field[];
  readonly most: number;
  readonly onChoose: (columns: readonly string[]) => void;
}

/** Which of the fields stand beside each other: two at least. */
export function AxesChoice({ fields, now, most, onChoose }: AxesProps) {
  const toggle = (field: Field, isIn: boolean) =>
    onChoose([...now.filter((each) => each !== field), ...(isIn ? [field] : [])].map(({ column }) => column));
  return (
    <details class="axes">
      <summary>Axes {now.length}</summary>
      <fieldset aria-label={`Axes, ${most} at most`}>
        {fields.map((field) => (
          <label key={field.column} class="check">
            <input
              type="checkbox"
              checked={now.includes(field)}
              disabled={now.includes(field) ? now.length <= 2 : now.length >= most}
              onChange={(event) => toggle(field, event.currentTarget.checked)}
            />
            {titleOf(field)}
          </label>
        ))}
      </fieldset>
    </details>
  );
}

export function LogChoice(props: { x?: Axis; y: Axis; onChoose: (name: string, value: string) => void }) {
  const axes = [
    ["logx", "log across", props.x],
    ["logy", "log up", props.y],
  ] as const;
  return (
    <>
      {axes.map(([name, title, axis]) =>
        axis?.scale ? (
          <label key={name} class="check">
            <input
              type="checkbox"
              checked={axis.isLog}
              onChange={(event) => props.onChoose(name, event.currentTarget.checked ? "1" : "0")}
            />
            {title}
          </label>
        ) : null,
      )}
    </>
  );
}
