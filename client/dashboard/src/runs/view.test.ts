import { expect, test } from "vitest";
import { formatView, parseView, type View } from "./view";

const UNTOUCHED: View = {
  filter: "",
  order: undefined,
  columns: undefined,
  group: "",
  statistic: "mean",
  view: "ACTIVE_ONLY",
};
const parsed = (query: string) => parseView(new URLSearchParams(query));

test("a view that nobody touched has an empty query", () => {
  expect(formatView(UNTOUCHED).toString()).toBe("");
  expect(parsed("")).toEqual(UNTOUCHED);
});

test("a link shows the same view", () => {
  const view: View = {
    filter: "metrics.`val/loss` < 0.5 AND tags.team = 'a & b'",
    order: { id: "m.val/loss", isDescending: true },
    columns: [
      { id: "name", isPinned: true, width: 240 },
      { id: "m.val/loss@min_step" },
      { id: "p.a,b!~%2C", width: 90 },
      { id: "t.größe 🚀" },
    ],
    group: "p.optimizer",
    statistic: "max",
    view: "DELETED_ONLY",
  };

  expect(parsed(formatView(view).toString())).toEqual(view);
});

test("the query is short", () => {
  const columns = [
    { id: "name", isPinned: true },
    { id: "m.loss@min", width: 120 },
  ];
  const view = { ...UNTOUCHED, columns, order: { id: "start", isDescending: true } };

  expect([...formatView(view)]).toEqual([
    ["order", "-start"],
    ["columns", "name!,m.loss@min~120"],
  ]);
});

test("what is unknown is left out", () => {
  expect(parsed("order=-nothing&columns=nonsense,,m.@min&group=q.x&groups-show=median&view=all&more=1")).toEqual(
    UNTOUCHED,
  );
  expect(parsed("columns=name,future.thing,status,name").columns).toEqual([{ id: "name" }, { id: "status" }]);
});

test("widths and counts have bounds", () => {
  expect(parsed("columns=name~1,status~99999").columns).toEqual([
    { id: "name", width: 48 },
    { id: "status", width: 900 },
  ]);
  const many = Array.from({ length: 500 }, (_, at) => `m.x${at}`).join(",");
  expect(parsed(`columns=${many}`).columns).toHaveLength(240);
});
