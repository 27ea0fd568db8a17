import { type Caller, personOf } from '../access/caller.ts';
import { type Problem, problem } from '../problem.ts';
import { fail, type Result, succeed } from '../result.ts';
import type { AuditEntry, AuditQuery, ShownEntry } from './entry.ts';
import { partForPatient } from './patients-part.ts';
import { inPatientsWords } from './patients-words.ts';

/** What of the audit log a caller may see: a narrower search, and what remains of each entry. */
export interface AuditView {
  /**
   * The search with the caller's limits added: what to look through. Whether an entry answers the
   * search as asked is for `stillAnswers` to say, of what is shown of it.
   */
  narrow(query: AuditQuery): Result<AuditQuery>;
  /** The entry as this caller sees it, or null when for them there is none. */
  show(entry: AuditEntry): ShownEntry | null;
  /** What a shown entry says in plain words, for callers who are not expected to read codes. */
  words(shown: ShownEntry): string | null;
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
 * `ownRecord` is the record id of the caller's `nhs_number`, and `ownEntries` are the types of what
 * they may see of that record, by id.
 */
export function auditView(
  caller: Caller,
  ownRecord: string | null,
  ownEntries: ReadonlyMap<string, string> = new Map(),
): Result<AuditView> {
  const view = viewOf(caller, ownRecord, ownEntries);
  if (view === null) return fail(NO_VIEW);
  const { launchPatient } = caller;
  return succeed(launchPatient === null ? view : limitedTo(launchPatient, view));
}

function viewOf(
  caller: Caller,
  ownRecord: string | null,
  ownEntries: ReadonlyMap<string, string>,
): AuditView | null {
  switch (caller.role) {
    case 'auditor':
      return { narrow: succeed, show: (entry) => entry, words: noWords };
    case 'privacy-officer':
      return officerView(caller.organization);
    case 'patient':
      return ownRecord === null ? null : patientView(personOf(caller), ownRecord, ownEntries);
    default:
      return null;
  }
}

function patientView(
  person: string,
  own: string,
  ownEntries: ReadonlyMap<string, string>,
): AuditView {
  return {
    narrow: (query) => {
      if (query.patients?.some((id) => id !== own)) return fail(OTHER_PATIENT);
      // By what is not shown an entry must not be found: these are held against what is shown.
      const { outcomes: _, entityNames: __, ...rest } = query;
      return succeed({ ...rest, patients: query.patients ?? [own] });
    },
    show: (entry) => (entry.patient === own ? partForPatient(entry, person, ownEntries) : null),
    words: (shown) => inPatientsWords(shown, person),
  };
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
 * Whether what is shown of an entry still answers the search as it was asked. Without this a search
 * would tell, by finding the entry, what showing it conceals.
 */
export function stillAnswers(shown: ShownEntry, asked: AuditQuery): boolean {
  const { patients, outcomes, entityNames } = asked;
  return (
    (patients === undefined || (shown.patient !== null && patients.includes(shown.patient))) &&
    (outcomes === undefined || (shown.outcome !== null && outcomes.includes(shown.outcome))) &&
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
 * content, looks the same for an opted-out patient and for one who is not known. So does what was
 * read of the log itself, which may have been either.
 */
function betrays({ claim, outcome, entities }: AuditEntry): boolean {
  const disclosed = entities.some((reference) => !reference.startsWith('AuditEvent/'));
  return claim === null && (outcome !== '0' || !disclosed);
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
