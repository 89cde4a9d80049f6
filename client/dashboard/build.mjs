// Builds the page into dist/: index.html, and scripts and styles whose names hold a digest of their content.

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "esbuild";

const OUT = "dist";
const ASSETS = `${OUT}/assets`;

await rm(OUT, { recursive: true, force: true });
await mkdir(ASSETS, { recursive: true });

const built = await build({
  entryPoints: ["src/main.tsx", "src/main.css"],
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  outdir: ASSETS,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
});

const entries = Object.entries(built.metafile.outputs).filter(([, output]) => output.entryPoint);
const named = (suffix) =>
  basename(entries.find(([path, { entryPoint }]) => path.endsWith(suffix) && entryPoint.startsWith("src/main."))[0]);
const page = await readFile("src/index.html", "utf8");
await writeFile(`${OUT}/index.html`, page.replace("main.css", named(".css")).replace("main.js", named(".js")));
await cp("public", OUT, { recursive: true });
