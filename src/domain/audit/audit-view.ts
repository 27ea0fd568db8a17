import type { Caller } from '../access/caller.ts';
import { isRecordType, sectionOf } from '../fhir/resource-types.ts';
import { type Problem, problem } from '../problem.ts';
import { fail, type Result, succeed } from '../result.ts';
import type { AuditEntry, AuditQuery } from './entry.ts';
import { isSearch } from './interaction-codes.ts';
import { inPatientsWords } from './patients-words.ts';

/** What of the audit log a caller may see: a narrower search, and what remains of each entry. */
export interface AuditView {
  /** The search with the caller's limits added. It never finds more than the search as asked. */
  narrow(query: AuditQuery): Result<AuditQuery>;
  /** The entry as this caller sees it, or null when for them there is none. */
  show(entry: AuditEntry): AuditEntry | null;
  /** What a shown entry says in plain words, for callers who are not expected to read codes. */
  words(shown: AuditEntry): string | null;
}

const NO_VIEW = forbidden('This role does not read the audit log.');
const OTHER_PATIENT = forbidden('A patient reads the log of their own record alone.');
const OTHER_ALERTS = forbidden(
  'A privacy officer reads the alerts of their own organisation alone.',
);

/**
 * Who sees what (contract, section 2): an auditor every entry, whole; a privacy officer what their
 * organisation did, and alerts to it; a patient what concerns their own record. To the latter two
 * an entry must not betray what the rules hide from them (section 4), so they see less of it.
 * `ownRecord` is the record id of the caller's `nhs_number`, and `ownEntries` are the ids of what
 * they may see of that record.
 */
export function auditView(
  caller: Caller,
  ownRecord: string | null,
  ownEntries: ReadonlySet<string> = new Set(),
): Result<AuditView> {
  const view = viewOf(caller, ownRecord, ownEntries);
  if (view === null) return fail(NO_VIEW);
  const { launchPatient } = caller;
  return succeed(launchPatient === null ? view : limitedTo(launchPatient, view));
}

function viewOf(
  caller: Caller,
  ownRecord: string | null,
  ownEntries: ReadonlySet<string>,
): AuditView | null {
  switch (caller.role) {
    case 'auditor':
      return { narrow: succeed, show: (entry) => entry, words: noWords };
    case 'privacy-officer':
      return officerView(caller.organization);
    case 'patient':
      return ownRecord === null ? null : patientView(ownRecord, ownEntries);
    default:
      return null;
  }
}

function patientView(own: string, ownEntries: ReadonlySet<string>): AuditView {
  return {
    narrow: (query) =>
      query.patients?.some((id) => id !== own)
        ? fail(OTHER_PATIENT)
        : succeed({ ...query, patients: query.patients ?? [own] }),
    show: (entry) => (entry.patient === own ? forPatient(entry, ownEntries) : null),
    words: inPatientsWords,
  };
}

/**
 * Neither rules nor ids, for an entry labelled NOPAT does not exist for the patient (rule 9); nor
 * the words of a claim or of an alert's resolution, which are meant for the privacy officer.
 */
function forPatient(entry: AuditEntry, ownEntries: ReadonlySet<string>): AuditEntry {
  const claim = entry.claim === null ? null : { ...entry.claim, note: null };
  const { resolution: _, ...rest } = entry;
  const entityNames = namesForPatient(entry, ownEntries);
  return { ...rest, entities: [], entityNames, query: null, rules: [], claim };
}

/**
 * The types that a patient may know of: that which was searched for, which does not tell that there
 * is one, or those of entries that they see themselves. What came along with others is not among
 * them, for it may be that only what is hidden from the patient led there.
 */
function namesForPatient(entry: AuditEntry, ownEntries: ReadonlySet<string>): readonly string[] {
  if (isSearch(entry.interaction)) return entry.entityNames.slice(0, 1);
  const seen = entry.entities
    .map((reference) => reference.split('/'))
    .filter(([type = '', id = '']) => ownEntries.has(id) && !comesAlong(type))
    .map(([type = '']) => type);
  const known = new Set(['Patient', 'AuditEvent', ...seen]);
  return entry.entityNames.filter((name) => known.has(name));
}

function comesAlong(type: string): boolean {
  return isRecordType(type) && sectionOf(type) === 'supporting';
}

function noWords(): null {
  return null;
}

function officerView(own: string): AuditView {
  return {
    narrow: (query) => {
      if (query.alertsTo === undefined) return succeed(within(query, own));
      return query.alertsTo === own ? succeed(query) : fail(OTHER_ALERTS);
    },
    show: (entry) => {
      if (entry.agent?.organization === own) {
        const told = withoutStandIn(entry);
        return { ...told, patient: betrays(told) ? null : entry.patient, rules: [] };
      }
      // What another organisation did is the alert's cause, but what it did it to is not shown.
      if (entry.alert?.organization !== own) return null;
      return { ...entry, entities: [], entityNames: [], query: null, rules: [] };
    },
    words: noWords,
  };
}

/**
 * Whether what is shown of an entry still answers the search. Without this a search by patient
 * would tell, by finding the entry, what showing it conceals.
 */
export function stillAnswers(shown: AuditEntry, query: AuditQuery): boolean {
  const { patients, entityNames } = query;
  return (
    (patients === undefined || (shown.patient !== null && patients.includes(shown.patient))) &&
    (entityNames === undefined || shown.entityNames.some((name) => entityNames.includes(name)))
  );
}

/** Searches of what this organisation did; another one's lie outside, so nothing is found. */
function within(query: AuditQuery, own: string): AuditQuery {
  const { organizations } = query;
  return { ...query, organizations: organizations?.filter((code) => code === own) ?? [own] };
}

/**
 * A change without the Patient among what changed. Where nobody had submitted before, a service's
 * first write makes one that stands in: to list it would tell whether somebody had.
 */
function withoutStandIn(entry: AuditEntry): AuditEntry {
  if (!CHANGES.has(entry.interaction)) return entry;
  const entities = entry.entities.filter((reference) => !reference.startsWith('Patient/'));
  return {
    ...entry,
    entities,
    entityNames: entry.entityNames.filter((name) => name !== 'Patient'),
  };
}

const CHANGES: ReadonlySet<string> = new Set([
  'submit-record',
  'transaction',
  'create',
  'update',
  'patch',
  'delete',
]);

/**
 * Whether naming the patient would tell that there is a record: a refusal, or an answer without
 * content, looks the same for an opted-out patient and for one who is not known.
 */
function betrays(entry: AuditEntry): boolean {
  return entry.claim === null && (entry.outcome !== '0' || entry.entities.length === 0);
}

function limitedTo(patient: string, view: AuditView): AuditView {
  return {
    narrow: (query) => {
      const narrowed = view.narrow(query);
      if (!narrowed.ok) return narrowed;
      const { patients } = narrowed.value;
      const left = patients?.filter((id) => id === patient) ?? [patient];
      return succeed({ ...narrowed.value, patients: left });
    },
    show: (entry) => (entry.patient === patient ? view.show(entry) : null),
    words: view.words,
  };
}

function forbidden(diagnostics: string): Problem {
  return problem('forbidden', 'forbidden', diagnostics);
}
