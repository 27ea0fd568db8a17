import type { Claim } from '../access/claim.ts';
import type { Alert } from '../alert.ts';
import type { Instant } from '../fhir/instant.ts';
import type { RuleCount } from '../problem.ts';
import type { OdsCode } from '../record/ods-code.ts';
import type { Resolution } from './resolution.ts';

/** AuditEvent.action: create, read, update, delete, execute. */
export type AuditAction = 'C' | 'R' | 'U' | 'D' | 'E';

/** AuditEvent.outcome: success, refused or caller's fault, server's fault. */
export type AuditOutcome = '0' | '4' | '8';

/**
 * One line of the audit log, as it is stored; `as-audit-event.ts` renders it as a FHIR AuditEvent
 * (IHE BALP). Holds who, for whom, what and why; no clinical content, and no token.
 */
export interface AuditEntry {
  /** UUID, time-ordered; the AuditEvent's id. */
  readonly id: string;
  readonly recorded: Instant;
  /** What was done, in FHIR's words (http://hl7.org/fhir/restful-interaction), or an operation. */
  readonly interaction: string;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  /** Why it failed or was refused, in words that name no stored data; null on success. */
  readonly outcomeDesc: string | null;
  /** Null when the caller could not be authenticated. */
  readonly agent: AuditAgent | null;
  /** Record id of the patient that it is about; null when it is about none. */
  readonly patient: string | null;
  /** The resources disclosed or changed, as `Type/id/_history/version`. */
  readonly entities: readonly string[];
  /** Resource types and the like that `entity-name` searches for. */
  readonly entityNames: readonly string[];
  /** The request target as sent (path and query), for searches; null otherwise. */
  readonly query: string | null;
  readonly requestId: string;
  /** Ids of the rules that decided, with how many entries each withheld. */
  readonly rules: readonly RuleCount[];
  /** Set when a privacy officer is to be told. */
  readonly alert: Alert | null;
  /** Set when this entry records a self-claimed relationship. */
  readonly claim: Claim | null;
  /** Set when this entry records what a privacy officer made of an alert. */
  readonly resolution?: Resolution;
}

/** An entry as somebody is shown it; `outcome` null where they are not told what came of it. */
export type ShownEntry = Omit<AuditEntry, 'outcome'> & {
  readonly outcome: AuditOutcome | null;
};

/** Who did it, as the token said. */
export interface AuditAgent {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string | null;
  readonly organization: OdsCode;
  readonly organizationName: string | null;
  readonly role: string;
  readonly purpose: string | null;
  readonly client: string | null;
  /** `jti` of the token, never the token. */
  readonly tokenId: string | null;
}

/** What a search of the log asks for: all that is set must hold; of a list, any one. */
export interface AuditQuery {
  readonly patients?: readonly string[];
  /** `subject`, exactly. */
  readonly agents?: readonly string[];
  /** `recorded` at or after, and before, as instants. */
  readonly from?: Instant;
  readonly before?: Instant;
  readonly actions?: readonly string[];
  readonly outcomes?: readonly string[];
  readonly entityNames?: readonly string[];
  /** The organisation that the agent acted for, exactly. */
  readonly organizations?: readonly OdsCode[];
  /** Only entries that carry an alert to this organisation. */
  readonly alertsTo?: OdsCode;
  /** Newest first unless this is set. */
  readonly oldestFirst?: true;
  /** The last entry of the page before, in the order asked for; absent for the first page. */
  readonly after?: AuditPosition;
  readonly limit: number;
}

/** A place in the log's order (by `recorded`, then `id`). */
export interface AuditPosition {
  readonly recorded: Instant;
  readonly id: string;
}

/** A page of the log; `more` says whether another follows. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly more: boolean;
}
