import type { Edit } from '../domain/gp/edits/edit.ts';
import { type EditRequest, readEdit } from '../domain/gp/edits/edit-request.ts';
import type { Problem } from '../domain/problem.ts';
import type { Result } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import { editRecord, rehearseEdits } from './edit-record.ts';
import { auditedVersion } from './entry-texts.ts';
import { patientNaming } from './patient-naming.ts';
import type { Interaction } from './perform.ts';
import { release, releaseCommitted } from './release.ts';

/** A change as it was asked for, by a request of its own. */
export type EntryEdit = Omit<EditRequest, 'at' | 'fullUrl'>;

/**
 * `create`, `update`, `patch` or `delete` of one entry, conditional or not
 * (http://hl7.org/fhir/R4/http.html), for a system that acts for the organisation that records it.
 * What is not there and what is hidden get the same answer. Fails as `readEdit` and `editRecord`
 * do.
 */
export function editEntry(request: EntryEdit): Interaction {
  return async (context, call) => {
    const edit = understood(context, request);
    if (!edit.ok) return edit;
    const done = await editRecord(context, call, { edits: [edit.value], timestamp: null });
    if (!done.ok) return done;
    const { answers, outcomes, committed, recordId } = done.value;
    const [answer] = answers;
    if (answer === undefined) throw new Error('INVARIANT: every edit has an answer');
    if (committed) return releaseCommitted(answer);
    const entries = outcomes.map(({ entry }) => entry).filter((entry) => entry !== null);
    const entities = entries.map(auditedVersion);
    return release(
      context,
      call,
      { patient: recordId, entities, entityNames: [request.type] },
      answer,
    );
  };
}

/** Why a change would be refused now, were it asked for; null when it would not. */
export async function rehearseEdit(
  context: Context,
  call: Call,
  request: EntryEdit,
): Promise<Problem | null> {
  const edit = understood(context, request);
  if (!edit.ok) return edit.problem;
  return rehearseEdits(context, call, { edits: [edit.value], timestamp: null });
}

function understood(context: Context, request: EntryEdit): Result<Edit> {
  const naming = patientNaming(context);
  const now = context.clock.now();
  const reading = { naming, now, freshId: () => context.ids.fresh() };
  return readEdit({ ...request, at: '', fullUrl: null }, reading);
}
