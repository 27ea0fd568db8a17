import type { Caller } from '../domain/access/caller.ts';
import type { AuditAction } from '../domain/audit/entry.ts';
import type { RuleData } from '../domain/consent/rule-data.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Names } from '../ports/names.ts';
import type { Store } from '../ports/store.ts';
import type { RecordTurns } from './record-turns.ts';

/** What every interaction works with; put together once, in `app.ts`. */
export interface Context {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly names: Names;
  readonly rules: RuleData;
  /** Names the rules by which submissions are read and written: other rules, another name. */
  readonly reading: string;
  /** Names the rules by which entries are presented to people: other rules, another name. */
  readonly presenting: string;
  /** One for each process: the writers of one record wait for each other. */
  readonly turns: RecordTurns;
  /** The FHIR base, without a slash at its end: what every link begins with. */
  readonly baseUrl: string;
}

/** One request, as far as interactions care: who, and what they are doing. */
export interface Call {
  readonly caller: Caller;
  /** X-Request-ID, the caller's or our own. */
  readonly requestId: string;
  readonly act: Act;
}

/** What is being done: for authorisation, for the rules and for the audit entry. */
export interface Act {
  /**
   * A FHIR interaction (`read`, `search`, `create`, `update`) or an operation's name
   * (`submit-record`).
   */
  readonly interaction: string;
  /** The resource type in the path; `System` for system-level operations. */
  readonly type: string;
  readonly action: AuditAction;
  /**
   * The request target (path and query) as sent, for searches and reads; it goes into the audit
   * entry alone.
   */
  readonly target: string;
}
