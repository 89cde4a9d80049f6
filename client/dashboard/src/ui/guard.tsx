// What cannot be drawn says so in its own place, and leaves the rest of the page as it is.

import { Component, type ComponentChildren } from "preact";
import { Failure } from "./notice";

interface Props {
  /** What is drawn: when it becomes another one, it is tried anew. */
  readonly of: unknown;
  /** What to show instead of saying why. */
  readonly instead?: ComponentChildren;
  readonly children: ComponentChildren;
}

interface State {
  readonly broken?: { readonly failure: unknown } | undefined;
}

export class Guard extends Component<Props, State> {
  static override getDerivedStateFromError(failure: unknown): State {
    return { broken: { failure } };
  }

  override componentDidUpdate(before: Props): void {
    if (before.of !== this.props.of && this.state.broken) this.setState({ broken: undefined });
  }

  override render({ instead, children }: Props, { broken }: State): ComponentChildren {
    if (!broken) return children;
    return instead ?? <Failure failure={broken.failure} again={() => this.setState({ broken: undefined })} />;
  }
}
