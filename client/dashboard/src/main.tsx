import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { whoAmI } from "./api/access";
import { ApiError } from "./api/failures";
import { signInReason, token } from "./api/token";
import { route } from "./app/location";
import { page } from "./app/pages";
import { Shell } from "./app/shell";
import { me } from "./session/me";
import { SignIn } from "./session/signin";
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
  useEffect(ask, [token.value]);

  const isRefused = failure instanceof ApiError && failure.status === 401;
  if (signInReason.value || isRefused) return <SignIn />;
  if (failure && !me.value) return <Failure failure={failure} again={ask} />;
  if (!me.value) return null;
  return <Shell place={route.value.path[0] ?? "experiments"}>{page(route.value)}</Shell>;
}

const root = document.getElementById("app");
if (root) render(<App />, root);
