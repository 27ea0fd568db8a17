import type { CareRecord } from '../domain/record/care-record.ts';
import type { RecordCommit } from '../ports/record-commit.ts';

/** How the demographic index changes from one version of a record to the next. */
export function termChanges(
  current: CareRecord | null,
  next: CareRecord,
): Pick<RecordCommit, 'termsAdded' | 'termsRemoved'> {
  const before = new Set(current?.terms);
  const after = new Set(next.terms);
  return {
    termsAdded: [...after].filter((term) => !before.has(term)),
    termsRemoved: [...before].filter((term) => !after.has(term)),
  };
}
