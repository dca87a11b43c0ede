const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/**
 * Whether a text is an ISO 8601 date, or a date and time with its zone. `15.06.2026` and `06/15/2026` are read differently by different
 * people, and a time without a zone by machines that stand in different ones.
 */
export const isIsoDate = (value: unknown): value is string =>
  typeof value === "string" && ISO.test(value) && Number.isFinite(Date.parse(value));
