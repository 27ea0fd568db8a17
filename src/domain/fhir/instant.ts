/**
 * A moment on the server's clock: ISO 8601 in UTC with milliseconds, so that text order is time
 * order.
 */
export type Instant = string;
