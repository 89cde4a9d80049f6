// Signing in by a token.

import { useState } from "preact/hooks";
import { whoAmI } from "../api/access";
import { ApiError, told } from "../api/failures";
import { admitted, keepToken, signInReason } from "../api/token";
import { me } from "./me";

/** Whether a text can be sent in a header. */
function isSendable(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

export function SignIn() {
  const [text, setText] = useState("");
  const [failure, setFailure] = useState("");

  const signIn = async (event: Event) => {
    event.preventDefault();
    setFailure("");
    if (!isSendable(text.trim())) return setFailure("This is no token: it has signs that no token has.");
    keepToken(text.trim());
    try {
      const known = await whoAmI();
      // What the page has read for somebody else is not for this one.
      if (me.value && me.value.username !== known.username) return location.reload();
      me.value = known;
      admitted();
    } catch (error) {
      // Of a token that is refused the transport says why.
      if (!(error instanceof ApiError && error.status === 401)) setFailure(told(error));
    }
  };
  const why = failure || signInReason.value;

  return (
    <main class="sign-in">
      <form onSubmit={signIn}>
        <h1>Sign in to Cumulog</h1>
        <label>
          Token
          <input
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            required
          />
        </label>
        {why && (
          <p class="failure" role="alert">
            {why}
          </p>
        )}
        <button type="submit" class="primary">
          Sign in
        </button>
        <p class="hint">
          <code>make admin-token</code> prints a token of the first user; any user makes more under “Tokens”. It is kept
          until you close this tab.
        </p>
      </form>
    </main>
  );
}
