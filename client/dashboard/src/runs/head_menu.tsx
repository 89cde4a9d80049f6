// The menu of a column's head.

import { Menu, type MenuItem } from "../ui/menu";
import { type Column, columnOf, PARTS, withPart } from "./columns/column";
import { adjusted, hidden, nudged, usual } from "./columns/shown";
import type { Order, Shown, View } from "./view";

export interface Opened {
  readonly id: string;
  readonly anchor: DOMRect;
}

interface Props {
  readonly opened: Opened;
  readonly shown: readonly Shown[];
  readonly order: Order | undefined;
  readonly onChange: (changed: Partial<View>) => void;
  readonly onClose: () => void;
}

export function HeadMenu({ opened, shown, order, onChange, onClose }: Props) {
  const { id } = opened;
  const column = columnOf(id);
  if (!column) return null;
  const isPinned = shown.find((each) => each.id === id)?.isPinned ?? false;
  const groups = [
    ordering(column, order, onChange),
    column.kind === "metric" ? parts(column, shown, order, onChange) : [],
    [
      {
        title: isPinned ? "Unpin" : "Pin at the left",
        onChoose: () => onChange({ columns: adjusted(shown, id, { isPinned: !isPinned }) }),
      },
      { title: "Move left", onChoose: () => onChange({ columns: nudged(shown, id, -1) }) },
      { title: "Move right", onChoose: () => onChange({ columns: nudged(shown, id, 1) }) },
      { title: "Usual width", onChoose: () => onChange({ columns: usual(shown, id) }) },
      { title: "Hide", onChoose: () => onChange({ columns: hidden(shown, id) }) },
    ],
    column.kind === "metric" ? [] : [{ title: "Group by this", onChoose: () => onChange({ group: id }) }],
  ];
  return <Menu label={`Column ${column.title}`} anchor={opened.anchor} groups={groups} onClose={onClose} />;
}

function ordering(column: Column, order: Order | undefined, onChange: Props["onChange"]): readonly MenuItem[] {
  const item = (title: string, isDescending: boolean): MenuItem => ({
    title,
    isChosen: order?.id === column.id && order.isDescending === isDescending,
    onChoose: () => onChange({ order: { id: column.id, isDescending } }),
  });
  return [item("Ascending", false), item("Descending", true)];
}

function parts(column: Column, shown: readonly Shown[], order: Order | undefined, onChange: Props["onChange"]) {
  return PARTS.map(([part, title]): MenuItem => {
    const other = withPart(column, part);
    return {
      title: `Show ${title}`,
      isChosen: column.part === part,
      onChoose: () =>
        onChange({
          columns: adjusted(shown, column.id, { id: other }),
          ...(order?.id === column.id ? { order: { ...order, id: other } } : {}),
        }),
    };
  });
}
