import type { Issue } from '../problem.ts';
import type { Naming } from '../record/naming.ts';
import type { OdsCode } from '../record/ods-code.ts';
import type { Draft } from '../record/write-entry.ts';
import { placeDrafts } from './place-drafts.ts';
import type { Submission } from './submission.ts';

/** A submission's resources under their ids here, the Patient first. */
export interface Placed {
  readonly patient: Draft;
  readonly others: readonly Draft[];
  /** What is wrong with the Consents, which can be read only now. */
  readonly issues: readonly Issue[];
}

/** Gives every resource its id, and makes every reference inside the Bundle lead to it. */
export function placeResources(
  submission: Submission,
  organization: OdsCode,
  recordId: string,
  naming: Naming,
): Placed {
  const others = submission.resources.map((arriving) => ({
    arriving,
    id: entryIdOf(recordId, organization, arriving.key, naming),
  }));
  const placed = placeDrafts([{ arriving: submission.patient, id: recordId }, ...others]);
  const [patient, ...rest] = placed.drafts;
  if (patient === undefined) throw new Error('INVARIANT: a submission has a Patient');
  return { patient, others: rest, issues: placed.issues };
}

/** The id of an entry that an organisation knows by this key: the same whatever way it is sent. */
export function entryIdOf(
  recordId: string,
  organization: OdsCode,
  key: string,
  naming: Naming,
): string {
  return naming.entryId(recordId, `${organization}|${key}`);
}
