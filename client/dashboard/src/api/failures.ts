// What can go wrong with a call.

/** The server answered with an error in MLflow's shape. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** Nobody answered, or something between the page and the server did. */
export class Unreachable extends Error {
  constructor() {
    super("The server does not answer.");
    this.name = "Unreachable";
  }
}

/** The storage of files did not answer, or did not let this page read. */
export class StorageAway extends Error {
  constructor() {
    super(`The storage of files does not answer this page. Its CORS rule must name the origin ${location.origin}.`);
    this.name = "StorageAway";
  }
}

/** Whether a call ended because its page asks for it no longer. */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** What to show of an error that a call ended with. */
export function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The error that a reply with a status of 400 or more says. */
export async function failureOf(reply: Response): Promise<Error> {
  try {
    const { error_code: code, message } = await reply.json();
    return typeof code === "string" ? new ApiError(reply.status, code, String(message)) : new Unreachable();
  } catch {
    return new Unreachable();
  }
}
