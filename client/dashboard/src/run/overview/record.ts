// cumulog/run.json of a run, what was run and where (infra/docs/record.md), as sections of facts. It is a file, and
// may hold anything: what has not the expected form is left out.

import { size } from "../../ui/format";
import type { Fact } from "./facts";

export interface Section {
  readonly title: string;
  readonly facts: readonly Fact[];
}

type Json = Readonly<Record<string, unknown>>;

export const FOLDER = "cumulog";
export const RECORD = "cumulog/run.json";
export const PATCH = "cumulog/changes.patch";
export const PACKAGES = "cumulog/requirements.txt";

/** Raises an error if the text is no JSON object. */
export function readRecord(text: string): Section[] {
  const parsed: unknown = JSON.parse(text);
  if (!isObject(parsed)) throw new Error("It holds no object.");
  const sections = [
    { title: "Command", facts: command(parsed) },
    { title: "Code", facts: code(parsed) },
    { title: "Python", facts: python(parsed) },
    { title: "Environment", facts: entries(object(parsed, "environment")) },
    { title: "Host", facts: host(object(parsed, "host")) },
    { title: "Accelerators", facts: accelerators(parsed) },
    { title: "Launcher", facts: entries(object(parsed, "launcher")) },
  ];
  return sections.filter(({ facts }) => facts.length > 0);
}

/** The names and versions of requirements.txt, without comments. */
export function packagesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

function command(record: Json): Fact[] {
  const entry = object(record, "entry_point");
  const line = list(entry, "command").map(quoted).join(" ");
  return shown([
    ["Command", line, true],
    ["Folder", text(entry, "working_directory"), true],
    ["Notebook", text(entry, "notebook"), true],
    ["Module", text(entry, "module"), true],
  ]);
}

function code(record: Json): Fact[] {
  const git = object(record, "git");
  const sources = object(record, "sources");
  const untracked = list(git, "untracked");
  const leftOut = [...leftOutOf(git), ...leftOutOf(sources)];
  return shown([
    ["Commit", text(git, "commit"), true],
    ["Branch", text(git, "branch"), true],
    ["Remote", text(git, "remote"), true],
    ["Untracked", untracked.join(", "), true],
    [
      "Complete",
      git.is_complete === undefined ? "" : git.is_complete === true ? "yes" : "no: files are left out",
      false,
    ],
    ["No commit", text(record, "why_no_git"), false],
    ["Sources", list(sources, "names").join(", "), true],
    ["Left out", leftOut.join("; "), false],
  ]);
}

function leftOutOf(part: Json): string[] {
  const found = Array.isArray(part.left_out) ? part.left_out.filter(isObject) : [];
  return found.map((each) => `${text(each, "path")} (${text(each, "why")})`);
}

function python(record: Json): Fact[] {
  const found = object(record, "python");
  return shown([
    ["Version", `${text(found, "implementation")} ${text(found, "version")}`.trim(), false],
    ["Executable", text(found, "executable"), true],
    ["Flags", list(found, "flags").join(" "), true],
  ]);
}

function host(found: Json): Fact[] {
  return shown([
    ["Name", text(found, "name"), false],
    ["System", text(found, "platform"), false],
    ["Processor", text(found, "processor"), false],
    ["Processors", processors(found), false],
    ["Memory", bytes(found, "memory_bytes"), false],
    ["Memory limit", bytes(found, "memory_limit_bytes"), false],
    ["Container", text(found, "container"), false],
  ]);
}

function processors(found: Json): string {
  const [all, allowed, limit] = [text(found, "cpus"), text(found, "cpus_allowed"), text(found, "cpu_limit")];
  const more = [allowed && allowed !== all ? `${allowed} allowed` : "", limit ? `limit ${limit}` : ""].filter(Boolean);
  return more.length ? `${all}, ${more.join(", ")}` : all;
}

function accelerators(record: Json): Fact[] {
  const found = Array.isArray(record.accelerators) ? record.accelerators.filter(isObject) : [];
  return found.flatMap((each, at) => {
    const memory = text(each, "memory.total");
    const driver = text(each, "driver_version");
    const value = [text(each, "maker"), text(each, "name"), memory, driver ? `driver ${driver}` : ""];
    return shown([[`${at}`, value.filter(Boolean).join(", "), false]]);
  });
}

function entries(found: Json): Fact[] {
  return shown(Object.keys(found).map((name) => [name, text(found, name), true]));
}

function shown(rows: readonly (readonly [label: string, value: string, isCode: boolean])[]): Fact[] {
  return rows.filter(([, value]) => value !== "").map(([label, value, isCode]) => ({ label, value, isCode }));
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function object(of: Json, name: string): Json {
  const value = of[name];
  return isObject(value) ? value : {};
}

function list(of: Json, name: string): string[] {
  const value = of[name];
  return Array.isArray(value) ? value.map(String) : [];
}

function text(of: Json, name: string): string {
  const value = of[name];
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function bytes(of: Json, name: string): string {
  const value = of[name];
  return typeof value === "number" ? size(value) : "";
}

/** A word of a command line as one would type it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
