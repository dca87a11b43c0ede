/** A refusal of the Genesys Cloud API, shaped as its error body. */
export class ApiError extends Error {
  readonly status: number;
  /** Genesys' machine-readable code, such as `bad.request` or `general.conflict`. */
  readonly code: string;
  /** Seconds for the `Retry-After` header. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Refusals by status, with the codes that Genesys gives them. */
export const badRequest = (message: string, code = "bad.request") => new ApiError(400, code, message);
export const conflict = (message: string, code = "general.conflict") => new ApiError(409, code, message);
export const notFound = (what: string, id: string) => new ApiError(404, "not.found", `${what} ${id} was not found.`);
