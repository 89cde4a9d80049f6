import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { whoAmI } from "./api/access";
import { signInReason } from "./api/token";
import { signInByLink } from "./app/link";
import { route } from "./app/location";
import { page } from "./app/pages";
import { Shell } from "./app/shell";
import { Palette } from "./palette/palette";
import { me } from "./session/me";
import { SignIn } from "./session/signin";
import { Guard } from "./ui/guard";
import { Failure } from "./ui/notice";

function App() {
  const [failure, setFailure] = useState<unknown>(undefined);
  const ask = () => {
    setFailure(undefined);
    whoAmI().then(
      (known) => {
        me.value = known;
      },
      (error: unknown) => setFailure(error),
    );
  };
  useEffect(ask, []);

  if (signInReason.value !== undefined) return <SignIn />;
  if (me.value) {
    return (
      <>
        <Shell place={route.value.path[0] ?? "experiments"}>
          <Guard of={route.value}>{page(route.value)}</Guard>
        </Shell>
        <Palette />
      </>
    );
  }
  return failure ? <Failure failure={failure} again={ask} /> : <p class="hint">…</p>;
}

addEventListener("hashchange", () => void signInByLink());
await signInByLink();
const root = document.getElementById("app");
if (root) render(<App />, root);
