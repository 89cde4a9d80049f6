export function Status({ status }: { status: string }) {
  return <span class={`status ${status.toLowerCase()}`}>{status.charAt(0) + status.slice(1).toLowerCase()}</span>;
}
