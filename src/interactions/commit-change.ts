import type { Alert } from '../domain/alert.ts';
import { successEntry } from '../domain/audit/compose.ts';
import type { AuditEntry } from '../domain/audit/entry.ts';
import { markDissent } from '../domain/consent/rules/dissent.ts';
import { COMMIT_ATTEMPTS_MAX } from '../domain/limits.ts';
import { type Problem, problem } from '../domain/problem.ts';
import type { CareRecord } from '../domain/record/care-record.ts';
import type { OdsCode } from '../domain/record/ods-code.ts';
import type { Receipt } from '../domain/record/receipt.ts';
import type { EditedRecord } from '../domain/record/record-edit.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import type { RecordCommit } from '../ports/record-commit.ts';
import type { Call, Context } from './context.ts';
import { versionName } from './entry-texts.ts';
import { frameOf } from './release.ts';
import { termChanges } from './term-changes.ts';

/** What an attempt to change a record came to: a commit to make, or an answer without one. */
export type Attempt<T> =
  | { readonly commit: RecordCommit; readonly value: T }
  | { readonly commit: null; readonly value: T };

/** A record as it was when it was read. */
export interface Seen {
  readonly current: CareRecord | null;
}

/**
 * Changes a record by compare-and-set: works the change out from the current version and commits
 * it; where another writer was first, works it out anew. `unavailable` when that happens too often.
 * The attempt must have no effects: it may be made many times. `seen` is the record as this request
 * has read it already.
 */
export async function commitChange<T>(
  context: Context,
  recordId: string,
  attempt: (current: CareRecord | null) => Promise<Result<Attempt<T>>>,
  seen: Seen | null = null,
): Promise<Result<{ readonly value: T; readonly committed: boolean }>> {
  return context.turns.take(recordId, async (waited) => {
    let first = waited ? null : seen;
    for (let tries = 0; tries < COMMIT_ATTEMPTS_MAX; tries++) {
      const { current } = first ?? { current: await context.store.currentRecord(recordId) };
      first = null;
      const made = await attempt(current);
      if (!made.ok) return made;
      const { commit, value } = made.value;
      if (commit === null) return succeed({ value, committed: false });
      if ((await context.store.commit(commit)) === 'committed') {
        return succeed({ value, committed: true });
      }
    }
    return fail(BUSY);
  });
}

/**
 * Why a change of a record would be refused now, were it made; null when it would not. Nothing is
 * written.
 */
export async function rehearseChange<T>(
  context: Context,
  recordId: string,
  attempt: (current: CareRecord | null) => Promise<Result<Attempt<T>>>,
): Promise<Problem | null> {
  const made = await attempt(await context.store.currentRecord(recordId));
  return made.ok ? null : made.problem;
}

const BUSY = {
  ...problem('unavailable', 'transient', 'The record is being changed by others; try again.'),
  retryAfterSeconds: 1,
};

/** A change of a record that is to be committed. */
export interface RecordChange {
  readonly current: CareRecord | null;
  readonly edited: EditedRecord;
  /** The practice that the patient has left by it. */
  readonly leftPractice?: OdsCode | null;
  readonly receipt?: Receipt | null;
  /** Raised by the access that it took. */
  readonly alert?: Alert | null;
}

/**
 * The commit of a change, with its audit entries: that `call` did it, and what tells a practice
 * that the patient has left. A dissent that is or was in force is noted on the record.
 */
export function commitOf(context: Context, call: Call, change: RecordChange): RecordCommit {
  const { current, edited, leftPractice = null, receipt = null, alert = null } = change;
  const record = markDissent(current, edited.record, context.clock.now());
  const audit = [changeEntry(context, call, record.id, edited.changed, alert)];
  if (leftPractice !== null) {
    const moved = { organization: leftPractice, kind: 'patient-moved' as const };
    audit.push(successEntry(frameOf(context, call), { patient: record.id, alert: moved }));
  }
  const { fragments } = edited;
  return { record, fragments, receipt, ...termChanges(current, record), audit };
}

/** The audit entry of a change, which travels with its commit; `alert` if its access raises one. */
function changeEntry(
  context: Context,
  call: Call,
  recordId: string,
  changed: readonly { readonly type: string; readonly id: string; readonly versionId: string }[],
  alert: Alert | null,
): AuditEntry {
  return successEntry(frameOf(context, call), {
    patient: recordId,
    entities: changed.map(versionName),
    entityNames: [...new Set(changed.map((entry) => entry.type))],
    alert,
  });
}
