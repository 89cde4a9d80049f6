import { expect, test } from "vitest";
import type { ChangesReply, ColumnNames, ColumnsQuestion, UnchangedReply, WholeReply } from "../api/columns";
import { ApiError } from "../api/failures";
import { sortOf } from "./rows/sorting";
import { Runs } from "./store";

const NAMES: ColumnNames = {
  runs: 2,
  is_sample: false,
  metrics: [{ key: "loss", runs: 2 }],
  params: [{ key: "lr", runs: 2 }],
  tags: [],
  left_out: { metrics: 0, params: 0, tags: 0 },
};
const QUESTION = { filter: "", order: [], view: "ACTIVE_ONLY" } as const;

/** A server with runs in pages of two, whose `loss` is what `losses` says. */
class FakeServer {
  losses: Record<string, number> = { a: 1, b: 2 };
  readonly asked: ColumnsQuestion[] = [];
  refusal: Error | undefined;
  change: ChangesReply | UnchangedReply = { unchanged: true, etag: "" };

  readonly names = async () => NAMES;

  readonly whole = async (question: ColumnsQuestion): Promise<WholeReply> => {
    this.asked.push(question);
    if (this.refusal) throw this.refusal;
    const from = Number(question.page || 0);
    const ids = Object.keys(this.losses).slice(from, from + 2);
    const columns = question.columns.map((name) => [name, ids.map((id) => this.losses[id] ?? null)]);
    const isLast = from + 2 >= Object.keys(this.losses).length;
    const next = isLast ? {} : { next_page_token: String(from + 2) };
    return { run_ids: ids, columns: Object.fromEntries(columns), etag: "", cursor: "c", ...next };
  };

  readonly changes = async () => this.change;
}

/** Wait until everything that was asked for has been told. */
async function told(runs: Runs): Promise<void> {
  await runs.refresh();
}

async function shown(columns: readonly string[] | undefined) {
  const server = new FakeServer();
  const runs = new Runs("7", server);
  runs.show(QUESTION, columns, []);
  await told(runs);
  return { server, runs };
}

test("who has chosen no columns sees those that suit the runs", async () => {
  const { runs } = await shown(undefined);

  expect(runs.table.value.ids).toEqual(["a", "b"]);
  expect(runs.defaults.value?.map(({ id }) => id)).toContain("p.lr");
});

test("a column that is added is asked for alone, and one that is there not at all", async () => {
  const { server, runs } = await shown(["metrics.loss"]);

  runs.show(QUESTION, ["metrics.loss", "params.lr"], []);
  runs.show(QUESTION, ["params.lr"], ["metrics.loss"]);
  await told(runs);

  expect(server.asked.map(({ columns }) => columns.at(-1))).toEqual(["metrics.loss", "params.lr"]);
  expect(server.asked[1]?.columns).toEqual(["params.lr"]);
});

test("chosen columns are asked for without waiting for the names of others", async () => {
  const server = new FakeServer();
  const order: string[] = [];
  const names = async () => {
    await Promise.resolve();
    order.push("names");
    return { ...NAMES, tags: [{ key: "mlflow.parentRunId", runs: 1 }] };
  };
  const whole = (question: ColumnsQuestion) => {
    order.push(question.columns.at(-1) ?? "");
    return server.whole(question);
  };
  const runs = new Runs("7", { names, whole, changes: server.changes });

  runs.show(QUESTION, ["metrics.loss"], []);
  await told(runs);

  expect(order).toEqual(["metrics.loss", "names", "tags.mlflow.parentRunId"]);
});

test("another question asks for all anew", async () => {
  const { server, runs } = await shown(["metrics.loss"]);

  runs.show({ ...QUESTION, filter: "metrics.loss < 1" }, ["metrics.loss"], []);
  await told(runs);

  expect(server.asked.at(-1)?.filter).toBe("metrics.loss < 1");
  expect(server.asked).toHaveLength(2);
});

test("an answer that comes too late is dropped", async () => {
  const { server, runs } = await shown(["metrics.loss"]);
  server.losses = { late: 1 };
  runs.show({ ...QUESTION, filter: "first" }, ["metrics.loss"], []);
  await Promise.resolve();
  await Promise.resolve();

  server.losses = { right: 1 };
  runs.show({ ...QUESTION, filter: "second" }, ["metrics.loss"], []);
  await told(runs);

  expect(runs.table.value.ids).toEqual(["right"]);
});

test("further pages come below, as long as there are any", async () => {
  const { server, runs } = await shown(["metrics.loss"]);
  server.losses = { a: 1, b: 2, c: 3 };
  runs.begin();
  await told(runs);

  expect(runs.hasMore.value).toBe(true);
  runs.more();
  runs.more();
  await told(runs);

  expect(runs.table.value.ids).toEqual(["a", "b", "c"]);
  expect(runs.hasMore.value).toBe(false);
});

test("a new run is told, and shown once the reader wants it; values change at once", async () => {
  const { server, runs } = await shown(["metrics.loss"]);
  const rows = { run_ids: ["new", "a"], columns: { "metrics.loss": [9, 8] } };
  server.change = { changed: rows, run_ids: ["new", "a", "b"], etag: "", cursor: "d" };

  await runs.refresh();

  expect(runs.news.value).toEqual({ added: 1, gone: 0, isReordered: false });
  expect(runs.table.value.ids).toEqual(["a", "b"]);
  expect(runs.table.value.values.get("metrics.loss")).toEqual([8, 2]);

  runs.accept();

  expect(runs.table.value.ids).toEqual(["new", "a", "b"]);
  expect(runs.news.value).toBeUndefined();
});

test("what the server refuses is told, and what was there stays", async () => {
  const { server, runs } = await shown(["metrics.loss"]);
  server.refusal = new ApiError(400, "INVALID_PARAMETER_VALUE", "Invalid filter");

  runs.show({ ...QUESTION, filter: "<<" }, ["metrics.loss"], []);
  await new Promise((done) => setTimeout(done));
  await runs.refresh();

  expect(runs.failure.value).toBe(server.refusal);
  expect(runs.table.value.ids).toEqual(["a", "b"]);
});

test("where nothing changed, the table is the same object", async () => {
  const { runs } = await shown(["metrics.loss"]);
  const before = runs.table.value;

  await runs.refresh();

  expect(runs.table.value).toBe(before);
});

test("an order of the page's own asks for no run again, and holds for those that come later", async () => {
  const server = new FakeServer();
  server.losses = { a: 1, b: 2, c: 3 };
  const runs = new Runs("7", server);
  runs.show(QUESTION, ["metrics.loss@min"], []);
  await told(runs);

  runs.show(QUESTION, ["metrics.loss@min"], [], sortOf({ id: "m.loss@min", isDescending: true }));
  await told(runs);
  expect(runs.table.value.ids).toEqual(["b", "a"]);
  expect(server.asked).toHaveLength(1);

  runs.more();
  await told(runs);
  expect(runs.table.value.ids).toEqual(["c", "b", "a"]);
});
