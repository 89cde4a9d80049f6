// What is in a file, by its kind. Nothing of it becomes markup of this page.

import { useEffect, useMemo, useState } from "preact/hooks";
import { type Download, head, part } from "../../api/artifacts";
import { told } from "../../api/failures";
import { Resource } from "../../api/resource";
import { size } from "../../ui/format";
import { Guard } from "../../ui/guard";
import { Markdown } from "../../ui/markdown";
import { Scroll } from "../../ui/scroll";
import { readPatch } from "../overview/patch";
import { Diff } from "../overview/record-view";
import { type Kind, MOST, textOf, typeOf } from "./kinds";
import { readParquet } from "./parquet";
import { TableView } from "./table-view";
import { readCsv, readLogged, type Table } from "./tables";

// Spaces before deep parts are many.
const MOST_TIMES_LONGER = 10;

interface Props {
  readonly file: Download;
  readonly path: string;
  readonly kind: Kind;
}

export function Content(props: Props) {
  return (
    <Guard of={props.path}>{props.kind === "parquet" ? <Parquet file={props.file} /> : <Read {...props} />}</Guard>
  );
}

function Read({ file, path, kind }: Props) {
  const found = useMemo(() => new Resource<ArrayBuffer>(), []);
  useEffect(() => {
    void found.ask((abort) => head(file, MOST[kind], abort));
    return () => found.stop();
  }, []);
  const { answer, failure } = found.state.value;
  if (failure) return <Failed failure={failure} />;
  if (!answer) return <p class="hint">…</p>;
  if (answer.byteLength === 0) return <p class="hint">The file is empty.</p>;
  const isCut = answer.byteLength < file.size;
  return (
    <>
      <Shown bytes={answer} path={path} kind={kind} isCut={isCut} />
      {isCut && (kind !== "unknown" || textOf(answer) !== undefined) && (
        <p class="hint">
          This is the beginning, {size(answer.byteLength)} of {size(file.size)}. Download the file for the rest.
        </p>
      )}
    </>
  );
}

interface ShownProps {
  readonly bytes: ArrayBuffer;
  readonly path: string;
  readonly kind: Kind;
  readonly isCut: boolean;
}

function Shown({ bytes, path, kind, isCut }: ShownProps) {
  if (["image", "audio", "video", "pdf", "html"].includes(kind)) return <Media bytes={bytes} path={path} kind={kind} />;
  const text = textOf(bytes);
  if (text === undefined) return <p class="hint">This file is no text, and its kind is not known. Download it.</p>;
  switch (kind) {
    case "markdown":
      return <Markdown text={text} />;
    case "csv":
      return <TableView table={readCsv(text, path.toLowerCase().endsWith(".tsv") ? "\t" : ",", isCut)} />;
    case "patch":
      return <Diff patch={readPatch(text)} />;
    case "json":
      return <Json text={text} />;
    default:
      return <Text text={text} />;
  }
}

function Json({ text }: { text: string }) {
  const parsed = useMemo(() => parse(text), [text]);
  if ("failure" in parsed) {
    return (
      <>
        <p class="failure">This is no valid JSON: {parsed.failure}</p>
        <Text text={text} />
      </>
    );
  }
  const table = readLogged(parsed.value);
  if (table) return <TableView table={table} />;
  return <Text text={parsed.written} />;
}

function Text({ text }: { text: string }) {
  return (
    <Scroll label="The text" height="high">
      <pre class="snippet file-text">{text}</pre>
    </Scroll>
  );
}

type Parsed = { readonly value: unknown; readonly written: string } | { readonly failure: string };

function parse(text: string): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    return { value, written: indented(value, text) };
  } catch (error) {
    return { failure: told(error) };
  }
}

/** A value with a line for each part of it; as it was written, where parts lie too deep in each other for that. */
function indented(value: unknown, text: string): string {
  try {
    const written = JSON.stringify(value, null, 2);
    return written.length > MOST_TIMES_LONGER * text.length + MOST.text ? text : written;
  } catch {
    return text;
  }
}

/** What the browser shows by itself, from a copy in its memory. */
function Media({ bytes, path, kind }: { bytes: ArrayBuffer; path: string; kind: Kind }) {
  const [isBroken, setIsBroken] = useState(false);
  const type = kind === "html" ? "text/html;charset=utf-8" : typeOf(path);
  const url = useMemo(() => URL.createObjectURL(new Blob([bytes], { type })), [bytes, type]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  const broken = () => setIsBroken(true);
  if (isBroken)
    return <p class="failure">The browser cannot show this {kind}. It may be broken; download it to see.</p>;
  switch (kind) {
    case "image":
      return <img class="shown" src={url} alt={path} onError={broken} />;
    case "audio":
      // biome-ignore lint/a11y/useMediaCaption: a logged sound has no captions.
      return <audio controls src={url} onError={broken} />;
    case "video":
      // biome-ignore lint/a11y/useMediaCaption: a logged film has no captions.
      return <video class="shown" controls src={url} onError={broken} />;
    case "pdf":
      return <iframe class="document" src={url} title={path} />;
    default:
      return (
        <>
          <p class="hint">
            {hasScripts(bytes) ? DRAWN_BY_SCRIPTS : "Without styles of its own. Download it to see all of it."}
          </p>
          <iframe class="document" sandbox="" src={url} title={path} />
        </>
      );
  }
}

const DRAWN_BY_SCRIPTS =
  "This page has scripts, and none of them runs here: they could act in your name. What they draw is missing. " +
  "Download it and open it, if you trust who made it.";

function hasScripts(bytes: ArrayBuffer): boolean {
  return /<script\b/i.test(new TextDecoder().decode(bytes));
}

function Parquet({ file }: { file: Download }) {
  const found = useMemo(() => new Resource<Table>(), []);
  useEffect(() => {
    void found.ask((abort) => readParquet(file.size, (start, end) => part(file, start, end, abort)));
    return () => found.stop();
  }, []);
  const { answer, failure } = found.state.value;
  if (failure) return <Failed failure={failure} />;
  return answer ? <TableView table={answer} /> : <p class="hint">…</p>;
}

function Failed({ failure }: { failure: unknown }) {
  return (
    <p class="failure" role="alert">
      The file cannot be shown: {told(failure)}
    </p>
  );
}
