// What stands above the table: the filter, how runs are grouped, and which are shown.

import type { ColumnNames } from "../api/columns";
import { columnOf } from "./columns/column";
import type { Known } from "./filter/completion";
import { Filter } from "./filter/filter";
import type { Statistic, View } from "./view";

interface Props {
  readonly view: View;
  readonly names: ColumnNames | undefined;
  readonly known: Known;
  readonly failure: unknown;
  readonly isPanelOpen: boolean;
  readonly onChange: (changed: Partial<View>) => void;
  readonly onPanel: () => void;
  readonly onExport: () => void;
  /** Open all groups, or close them; undefined where there are none. */
  readonly onOpenAll: ((isOpen: boolean) => void) | undefined;
}

export function Toolbar(props: Props) {
  const { view, known, failure, isPanelOpen, onChange, onPanel, onExport, onOpenAll } = props;
  return (
    <div class="bar runs">
      <Filter filter={view.filter} known={known} failure={failure} onFilter={(filter) => onChange({ filter })} />
      <GroupBy {...props} />
      {onOpenAll && (
        <>
          <StatisticOf statistic={view.statistic} onChange={onChange} />
          <button type="button" onClick={() => onOpenAll(true)}>
            Open all
          </button>
          <button type="button" onClick={() => onOpenAll(false)}>
            Close all
          </button>
        </>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={view.view === "DELETED_ONLY"}
          onChange={(event) => onChange({ view: event.currentTarget.checked ? "DELETED_ONLY" : "ACTIVE_ONLY" })}
        />
        Deleted ones
      </label>
      <button type="button" aria-expanded={isPanelOpen} onClick={onPanel}>
        Columns
      </button>
      <button type="button" onClick={onExport} title="The runs and columns of this table">
        Export CSV
      </button>
    </div>
  );
}

const MOST_GROUPS = 100;

function GroupBy({ view, names, onChange }: Props) {
  const ids = [
    "status",
    "user",
    ...(names?.params.slice(0, MOST_GROUPS).map(({ key }) => `p.${key}`) ?? []),
    ...(names?.tags.slice(0, MOST_GROUPS).map(({ key }) => `t.${key}`) ?? []),
  ];
  const isOther = columnOf(view.group) !== undefined && !ids.includes(view.group);
  return (
    <select
      aria-label="Group by"
      value={view.group}
      onChange={(event) => onChange({ group: event.currentTarget.value })}
    >
      <option value="">Nested runs</option>
      <option value="none">Not grouped</option>
      {[...(isOther ? [view.group] : []), ...ids].map((id) => (
        <option key={id} value={id}>
          By {columnOf(id)?.title.slice(0, 60)}
        </option>
      ))}
    </select>
  );
}

function StatisticOf({ statistic, onChange }: { statistic: Statistic; onChange: Props["onChange"] }) {
  return (
    <select
      aria-label="Groups show"
      value={statistic}
      onChange={(event) => onChange({ statistic: event.currentTarget.value as Statistic })}
    >
      <option value="mean">Mean</option>
      <option value="min">Min</option>
      <option value="max">Max</option>
    </select>
  );
}
