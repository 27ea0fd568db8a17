import { authorise } from '../domain/access/authorise.ts';
import type { JsonObject } from '../domain/fhir/json.ts';
import { readTransaction, type Transaction } from '../domain/gp/edits/read-transaction.ts';
import { placed } from '../domain/gp/edits/resolve-edits.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import { editRecord } from './edit-record.ts';
import { auditedVersion } from './entry-texts.ts';
import { patientNaming } from './patient-naming.ts';
import type { Interaction } from './perform.ts';
import { release, releaseCommitted } from './release.ts';

/** Understands a transaction for its caller; every edit in it must be allowed by itself. */
export function understandTransaction(
  context: Context,
  call: Call,
  bundle: JsonObject,
): Result<Transaction> {
  const naming = patientNaming(context);
  const read = readTransaction(bundle, {
    naming,
    now: context.clock.now(),
    freshId: () => context.ids.fresh(),
  });
  if (!read.ok) return read;
  for (const edit of read.value.edits) {
    const denial = authorise(call.caller, { interaction: edit.action, type: edit.type });
    if (denial !== null) return fail(placed(denial, edit));
  }
  return succeed(read.value);
}

/**
 * Makes the edits of a `transaction` (http://hl7.org/fhir/R4/http.html#transaction) in one commit
 * of one patient's record with one audit entry. What each came to is in the answer's parts.
 */
export function transact({ edits, timestamp }: Transaction): Interaction {
  return async (context, call) => {
    const done = await editRecord(context, call, { edits, timestamp });
    if (!done.ok) return done;
    const { answers, outcomes, committed, recordId } = done.value;
    const answer = { status: 'ok', body: [], parts: answers } as const;
    if (committed) return releaseCommitted(answer);
    const entries = outcomes.map(({ entry }) => entry).filter((entry) => entry !== null);
    const details = {
      patient: recordId,
      entities: entries.map(auditedVersion),
      entityNames: [...new Set(edits.map((edit) => edit.type))],
    };
    return release(context, call, details, answer);
  };
}
