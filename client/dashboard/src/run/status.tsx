export function Status({ status }: { status: string }) {
  return <span class={`status ${status.toLowerCase()}`}>{status.toLowerCase()}</span>;
}
