// Pages that are loaded when somebody goes there.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Notice } from "./notice";

/** A component that is loaded when it is shown for the first time. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Later(props: Props) {
    const [, setIsLoaded] = useState(false);
    const [isMissing, setIsMissing] = useState(false);
    useEffect(() => {
      if (loaded) return;
      load().then(
        (component) => {
          loaded = component;
          setIsLoaded(true);
        },
        () => setIsMissing(true),
      );
    }, []);
    const Loaded = loaded;
    if (Loaded) return <Loaded {...props} />;
    return isMissing ? <Missing /> : null;
  };
}

function Missing() {
  return (
    <Notice title="A part of the page cannot be loaded">
      <p>The server is away, or has a newer version of the page by now.</p>
      <p>
        <button type="button" class="primary" onClick={() => location.reload()}>
          Load the page anew
        </button>
      </p>
    </Notice>
  );
}
