// What is open and what is selected: held by the page, and in its address while that stays short.

import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { chooseInQuery, route } from "../app/location";
import { formatKeys, type Keys, parseKeys } from "./rows/keyset";

/** A set that a link shows, too. Another address in the same page changes it. */
export function useAddressed(name: string): Signal<Keys> {
  const written = route.value.query.get(name) ?? "";
  const keys = useSignal<Keys>(parseKeys(written));
  const known = useRef(written);
  useLayoutEffect(() => {
    if (written === known.current) return;
    known.current = written;
    keys.value = parseKeys(written);
  }, [written]);
  useSignalEffect(() => {
    const text = formatKeys(keys.value);
    if (text === known.current) return;
    known.current = text;
    chooseInQuery(name, text);
  });
  return keys;
}
