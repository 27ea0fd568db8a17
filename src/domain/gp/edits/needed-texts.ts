import type { Entry } from '../../record/care-record.ts';
import { literalReferencesOf } from '../../record/entry-facts.ts';
import type { Edit } from './edit.ts';

/**
 * Which entries' texts are needed to understand some edits: that of what is patched, the
 * Organizations that a Patient's practice may be named by, and all where criteria are held against
 * them, which may follow references.
 */
export function neededTexts(edits: readonly Edit[]): (entry: Entry) => boolean {
  if (edits.some(hasCriteria)) return () => true;
  const ids = new Set(edits.map((edit) => (edit.action === 'patch' ? idOf(edit) : '')));
  const isPatientWritten = edits.some((edit) => edit.type === 'Patient');
  return (entry) => ids.has(entry.id) || (isPatientWritten && entry.type === 'Organization');
}

function hasCriteria(edit: Edit): boolean {
  const conditional =
    edit.action === 'create' ? edit.unless !== null : edit.target.kind === 'criteria';
  if (conditional || !('content' in edit)) return conditional;
  return literalReferencesOf(edit.content.resource).some((each) => each.includes('?'));
}

function idOf({ target }: Extract<Edit, { action: 'patch' }>): string {
  return target.kind === 'id' ? target.id : '';
}
