/** Every limit that the server puts on what it takes, with its unit in its name. */

/** The largest request body that is read (8 MiB): eight times the largest real GP record seen. */
export const BODY_BYTES_MAX = 8 * 1024 * 1024;

/** How deep JSON may nest: FHIR is recursive, real records stay under 20. */
export const JSON_DEPTH_MAX = 64;

/** How many entries a record Bundle may carry. */
export const BUNDLE_ENTRIES_MAX = 5_000;

/** How many bytes of text share one fragment, unless a single resource is larger. */
export const FRAGMENT_BYTES_SOFT_MAX = 64 * 1024;

/** How many bytes of texts that are written together share one fragment, whatever their types. */
export const SHARED_FRAGMENT_BYTES_MAX = 16 * 1024;

/** The longest request target (path and query) that is read. */
export const TARGET_BYTES_MAX = 8 * 1024;

/** How many AuditEvents one page may hold, and how many it holds when the caller does not say. */
export const PAGE_SIZE_MAX = 1_000;
export const PAGE_SIZE_DEFAULT = 50;

/** How often a commit is tried again when another writer was first. */
export const COMMIT_ATTEMPTS_MAX = 64;

/**
 * How far a timestamp that is sent may be ahead of the server's clock (5 minutes), in milliseconds.
 */
export const CLOCK_AHEAD_MS_MAX = 5 * 60 * 1000;

/** How long the note of a self-claimed relationship may be, in characters. */
export const CLAIM_NOTE_CHARACTERS_MAX = 1_000;

/** How long the reason may be with which an alert is closed or escalated, in characters. */
export const ALERT_REASON_CHARACTERS_MAX = 1_000;

/** How many entries a batch may have: each is an interaction of its own. */
export const BATCH_ENTRIES_MAX = 500;

/** How many different conditional references one write may have: each is a search. */
export const CONDITIONAL_REFERENCES_MAX = 200;

/** How many criteria without an identifier one transaction may have: each tries every entry. */
export const CRITERIA_MAX = 100;

/** How many operations a patch may have. */
export const PATCH_OPERATIONS_MAX = 200;
