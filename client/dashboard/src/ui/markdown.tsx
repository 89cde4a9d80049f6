// Markdown as elements: the lexer's tokens decide, and no text becomes markup. HTML in it is shown as it stands.

import type { Token, Tokens } from "marked";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Guard } from "./guard";
import { safeLink } from "./links";

// What is longer, or lies deeper in itself than the lexer can follow, stays a text: it would hold up the page.
const MOST_CHARACTERS = 100_000;

export function Markdown({ text }: { text: string }) {
  const [tokens, setTokens] = useState<readonly Token[] | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    setTokens(undefined);
    if (text.length > MOST_CHARACTERS) return;
    import("marked").then(
      ({ lexer }) => isCurrent && setTokens(lexed(lexer, text)),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [text]);
  const plainly = <p class="as-written">{text}</p>;
  return (
    <div class="markdown">
      <Guard of={tokens} instead={plainly}>
        {tokens ? all(tokens) : plainly}
      </Guard>
    </div>
  );
}

function lexed(lexer: (text: string) => readonly Token[], text: string): readonly Token[] | undefined {
  try {
    return lexer(text);
  } catch {
    return undefined;
  }
}

function all(tokens: readonly Token[] | undefined): JSX.Element[] {
  return (tokens ?? []).map((token, at) => <Piece key={at} token={token} />);
}

function Piece({ token }: { token: Token }): JSX.Element | null {
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      return <Heading depth={token.depth}>{all(token.tokens)}</Heading>;
    case "paragraph":
      return <p>{all(token.tokens)}</p>;
    case "code":
      return <pre class="snippet">{token.text}</pre>;
    case "blockquote":
      return <blockquote>{all(token.tokens)}</blockquote>;
    case "list":
      return <List token={token as Tokens.List} />;
    case "table":
      return <Table token={token as Tokens.Table} />;
    case "hr":
      return <hr />;
    default:
      return <Inline token={token} />;
  }
}

function Inline({ token }: { token: Token }): JSX.Element {
  const inside = "tokens" in token && token.tokens ? all(token.tokens) : "text" in token ? plain(token.text) : "";
  switch (token.type) {
    case "strong":
      return <strong>{inside}</strong>;
    case "em":
      return <em>{inside}</em>;
    case "del":
      return <del>{inside}</del>;
    case "codespan":
      return <code>{plain(token.text)}</code>;
    case "br":
      return <br />;
    case "link":
      return <Link address={token.href}>{inside}</Link>;
    case "image":
      return <Link address={token.href}>{`[${token.text || token.href}]`}</Link>;
    case "html":
      return <>{token.raw}</>;
    case "checkbox":
      return <input type="checkbox" disabled checked={Boolean((token as { checked?: boolean }).checked)} />;
    default:
      return <>{inside}</>;
  }
}

function Heading({ depth, children }: { depth: number; children: ComponentChildren }) {
  // The page has its own first and second level.
  const Tag = depth <= 1 ? "h3" : depth === 2 ? "h4" : "h5";
  return <Tag>{children}</Tag>;
}

function Link({ address, children }: { address: string; children: ComponentChildren }) {
  const link = safeLink(address);
  if (!link) return <span title={address}>{children}</span>;
  return (
    <a href={link} rel="noopener noreferrer" target="_blank">
      {children}
    </a>
  );
}

function List({ token }: { token: Tokens.List }) {
  const items = token.items.map((item, at) => <li key={at}>{all(item.tokens)}</li>);
  return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ token }: { token: Tokens.Table }) {
  return (
    <table class="list">
      <thead>
        <tr>
          {token.header.map((cell, at) => (
            <th key={at}>{all(cell.tokens)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {token.rows.map((row, at) => (
          <tr key={at}>
            {row.map((cell, place) => (
              <td key={place}>{all(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The lexer escapes no text, but leaves entities as they were written. */
function plain(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
