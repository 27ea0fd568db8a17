import { personOf } from '../access/caller.ts';
import { isSystemRole } from '../access/scope-level.ts';
import type { AuditEntry, ShownEntry } from './entry.ts';
import { isSearch } from './interaction-codes.ts';

/**
 * What a patient is shown of an entry about their record. `person` is who they are (`personOf`),
 * `ownEntries` are the types of what they may see of the record, by id.
 *
 * Neither rules nor ids, for an entry labelled NOPAT does not exist for the patient (rule 9); nor
 * the words of a claim or of an alert's resolution, which are meant for the privacy officer. What
 * came of it they are told where that cannot hang on such an entry, or where they saw the answer.
 */
export function partForPatient(
  entry: AuditEntry,
  person: string,
  ownEntries: ReadonlyMap<string, string>,
): ShownEntry {
  const claim = entry.claim === null ? null : { ...entry.claim, note: null };
  const { resolution: _, ...rest } = entry;
  const own = isOwn(entry, person);
  const entityNames = own ? seenIn(entry, ownEntries) : askedIn(entry, ownEntries);
  const shown = { ...rest, entities: [], entityNames, query: null, rules: [], claim };
  return own || isTold(entry, ownEntries) ? shown : { ...shown, outcome: null, outcomeDesc: null };
}

/** Other patients may have asked for their record, in vain. */
function isOwn({ agent }: AuditEntry, person: string): boolean {
  return agent?.role === 'patient' && personOf(agent) === person;
}

/** What is done with the record as a whole; all else is done with one entry. */
const OF_THE_RECORD: ReadonlySet<string> = new Set([
  'everything',
  'summary',
  'history-type',
  'history-system',
  'submit-record',
  'claim-relationship',
  'explain-access',
  'resolve-alert',
]);
const WHOLE_RECORD: ReadonlySet<string> = new Set(['everything', 'summary']);
const CHANGES_OF_ONE: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete']);

/**
 * Whether the patient is told if it was done. Of what others did with one entry they are not:
 * that it was found would tell of one that is hidden from them. Nor where it hangs on entries
 * whether others find the record. A reading is refused before any entry is looked at, and a choice
 * that was recorded they see.
 */
function isTold(entry: AuditEntry, ownEntries: ReadonlyMap<string, string>): boolean {
  const { interaction, outcomeDesc, entities } = entry;
  if (isOfTheLog(entry)) return true;
  if (!isOfOne(interaction) && !isFoundByEntries(entry, ownEntries)) return true;
  if (CHANGES_OF_ONE.has(interaction)) {
    return entities.some((each) => ownEntries.get(idOf(each)) === 'Consent');
  }
  return interaction !== 'transaction' && outcomeDesc?.startsWith('forbidden') === true;
}

/**
 * Whether it hangs on single entries that there is a record for those who asked for all of it: a
 * system finds one where it recorded something that stands, and nobody one whose Patient is
 * withheld.
 */
function isFoundByEntries(
  { interaction, agent, patient }: AuditEntry,
  ownEntries: ReadonlyMap<string, string>,
): boolean {
  if (!WHOLE_RECORD.has(interaction)) return false;
  return isSystemRole(agent?.role ?? '') || ownEntries.get(patient ?? '') !== 'Patient';
}

function isOfOne(interaction: string): boolean {
  return !isSearch(interaction) && !OF_THE_RECORD.has(interaction);
}

/** Reading the log itself, of which no entry is hidden. */
function isOfTheLog({ entityNames }: AuditEntry): boolean {
  return entityNames.includes('AuditEvent');
}

/**
 * The types that the patient may know that others asked for: what was searched for, which does not
 * tell that there is one, and that of one entry which they see themselves. Not what was found: even
 * of what they see, others may have been shown more or less for something that is hidden from them.
 */
function askedIn(entry: AuditEntry, ownEntries: ReadonlyMap<string, string>): readonly string[] {
  const { interaction, entityNames, claim, query } = entry;
  if (isOfTheLog(entry)) return ['AuditEvent'];
  if (isSearch(interaction)) return entityNames.slice(0, 1);
  if (claim !== null) return entityNames;
  if (!isOfOne(interaction)) return [];
  const [path = ''] = (query ?? '').split('?', 1);
  const parts = path.split('/');
  if (CHANGES_OF_ONE.has(interaction) && parts.includes('Consent')) return ['Consent'];
  return parts.filter((type, at) => ownEntries.get(parts[at + 1] ?? '') === type).slice(0, 1);
}

/** Of what the patient did themselves, the types of what they were shown and still may see. */
function seenIn(entry: AuditEntry, ownEntries: ReadonlyMap<string, string>): readonly string[] {
  if (isSearch(entry.interaction)) return entry.entityNames.slice(0, 1);
  const seen = entry.entities.map((each) => ownEntries.get(idOf(each)));
  return entry.entityNames.filter((name) => name === 'AuditEvent' || seen.includes(name));
}

/** The id in `Type/id/_history/version`. */
function idOf(reference: string): string {
  return reference.split('/')[1] ?? '';
}
