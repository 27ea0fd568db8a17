import type { Entry } from '../../record/care-record.ts';
import { literalReferencesOf } from '../../record/entry-facts.ts';
import type { Edit } from './edit.ts';

/**
 * Which entries' texts are needed to understand some edits: those that are patched, all of a type
 * that criteria are held against, and the Organizations that a Patient's practice may be named by.
 */
export function neededTexts(edits: readonly Edit[]): (entry: Entry) => boolean {
  const ids = new Set<string>();
  const types = new Set<string>();
  for (const edit of edits) {
    if (edit.type === 'Patient') types.add('Organization');
    if (edit.action === 'create') {
      if (edit.unless !== null) types.add(edit.type);
    } else if (edit.target.kind === 'criteria') {
      types.add(edit.type);
    } else if (edit.action === 'patch') {
      ids.add(edit.target.id);
    }
    if ('content' in edit) {
      for (const type of typesSearchedBy(edit.content.resource)) types.add(type);
    }
  }
  return (entry) => ids.has(entry.id) || types.has(entry.type);
}

/** The types of the conditional references (`Type?identifier=…`) in a resource. */
function typesSearchedBy(resource: Parameters<typeof literalReferencesOf>[0]): readonly string[] {
  return literalReferencesOf(resource)
    .map((reference) => /^([A-Z][A-Za-z]+)\?/.exec(reference)?.[1])
    .filter((type) => type !== undefined);
}
