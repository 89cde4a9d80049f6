import { expect, test } from "vitest";
import { packagesOf, readRecord } from "./record";

const RECORD = {
  entry_point: {
    script: "train.py",
    command: ["python", "train.py", "--name", "it's two words"],
    working_directory: ".",
  },
  git: { commit: "abc", branch: "main", remote: "", is_complete: false, left_out: [{ path: ".env", why: "a secret" }] },
  python: { version: "3.12.1", implementation: "CPython", executable: "/usr/bin/python", flags: [] },
  environment: { OMP_NUM_THREADS: "2" },
  host: {
    name: "gpu-7",
    cpus: 64,
    cpus_allowed: 8,
    cpu_limit: 4,
    memory_bytes: 25_000_000_000,
    memory_limit_bytes: null,
  },
  accelerators: [{ maker: "NVIDIA", name: "H100", "memory.total": "81559 MiB", driver_version: "570" }],
  launcher: {},
};

function fact(title: string, label: string): string | undefined {
  const section = readRecord(JSON.stringify(RECORD)).find((each) => each.title === title);
  return section?.facts.find((each) => each.label === label)?.value;
}

test("a record is told in sections", () => {
  expect(fact("Command", "Command")).toBe("python train.py --name 'it'\\''s two words'");
  expect(fact("Code", "Complete")).toBe("no: files are left out");
  expect(fact("Code", "Left out")).toBe(".env (a secret)");
  expect(fact("Python", "Version")).toBe("CPython 3.12.1");
  expect(fact("Environment", "OMP_NUM_THREADS")).toBe("2");
  expect(fact("Host", "Processors")).toBe("64, 8 allowed, limit 4");
  expect(fact("Host", "Memory")).toBe("25 GB");
  expect(fact("Accelerators", "0")).toBe("NVIDIA, H100, 81559 MiB, driver 570");
});

test("what is empty has no section", () => {
  expect(readRecord(JSON.stringify(RECORD)).map(({ title }) => title)).not.toContain("Launcher");
});

test.each(['{"git": null, "host": [], "environment": 3, "accelerators": {}}', "{}"])(
  "%s has nothing to tell",
  (text) => {
    expect(readRecord(text)).toEqual([]);
  },
);

test.each(["", "[]", "null", "{"])("%j is no record", (text) => {
  expect(() => readRecord(text)).toThrow();
});

test("packages are lines without comments", () => {
  expect(packagesOf("# made by cumulog\nnumpy==2.0\n\n  torch==2.5 \n")).toEqual(["numpy==2.0", "torch==2.5"]);
});
