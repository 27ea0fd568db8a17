import { NHS_NUMBER, ODS_CODE } from '../fhir/systems.ts';
import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '../limits.ts';
import type { Issue } from '../problem.ts';
import type { OdsCode } from '../record/ods-code.ts';
import type { Digest } from './audit-cursor.ts';
import { namesLike } from './entity-names.ts';
import { EVENT_PARAMETERS, type EventCondition, readEventCondition } from './event-conditions.ts';
import { ALWAYS, overlap, type Stretch, stretchOf } from './recorded-range.ts';
import { ALERT_STATUSES, type AlertStatus } from './resolution.ts';
import { alternatives, type Token, tokenOf, unescaped } from './search-values.ts';

/** What reading a search needs to know besides its parameters. */
export interface SearchSetting {
  /** The FHIR base, without a slash at its end: absolute references under it are ours. */
  readonly baseUrl: string;
  /** The caller's organisation: whose alerts `alert=true` means. */
  readonly organization: OdsCode;
  /** `Prefer: handling=strict`: an unknown parameter is a fault. */
  readonly strict: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
  recordId(nhsNumber: string): string;
  readonly digest: Digest;
}

/** The lists of a query that a parameter narrows down; of an entry each has one value. */
type ListName = 'patients' | 'agents' | 'actions' | 'outcomes' | 'organizations' | 'entityNames';

/** What is known of a search while its parameters are read one by one. */
export interface Draft {
  readonly setting: SearchSetting;
  readonly lists: Partial<Record<ListName, readonly string[]>>;
  readonly persons: (readonly Token[])[];
  readonly faults: Issue[];
  /** What no index of the log knows. */
  readonly conditions: EventCondition[];
  /** The ids asked for; null when none were. */
  ids: readonly string[] | null;
  stretch: Stretch;
  alertsTo: OdsCode | null;
  alertStatuses: readonly AlertStatus[] | null;
  oldestFirst: boolean;
  limit: number;
  cursor: string | null;
}

type Reader = (draft: Draft, value: string, name: string) => void;

const ACTIONS = ['C', 'R', 'U', 'D', 'E'];
const ACTION_SYSTEM = 'http://hl7.org/fhir/audit-event-action';
const OUTCOMES = ['0', '4', '8', '12'];
const OUTCOME_SYSTEM = 'http://terminology.hl7.org/CodeSystem/audit-event-outcome';

const READERS: Readonly<Record<string, Reader>> = {
  patient: readPatient,
  'patient:Patient': readPatient,
  'patient:identifier': readPatientIdentifier,
  'patient.identifier': readPatientIdentifier,
  agent: (draft, value) => narrow(draft, 'agents', alternatives(value).map(unescaped)),
  'agent:identifier': readAgentIdentifier,
  date: readDate,
  _lastUpdated: readDate,
  _id: readIds,
  action: (draft, value, name) => readCode(draft, 'actions', name, value, ACTIONS, ACTION_SYSTEM),
  outcome: (draft, value, name) =>
    readCode(draft, 'outcomes', name, value, OUTCOMES, OUTCOME_SYSTEM),
  'entity-name': (draft, value) =>
    narrow(draft, 'entityNames', alternatives(value).map(unescaped).flatMap(namesLike)),
  'entity-name:exact': (draft, value) =>
    narrow(draft, 'entityNames', alternatives(value).map(unescaped)),
  alert: readAlert,
  'alert-status': readAlertStatus,
  _count: readCount,
  _cursor: (draft, value) => {
    draft.cursor = value;
  },
  _sort: readSort,
  _total: only('none', 'Totals of the log are not counted.'),
  // Read as a whole, as they go together or do not.
  _summary: () => {},
  _elements: () => {},
  _format: () => {},
  _pretty: () => {},
};

/** Every parameter that a search of the audit log understands, and the modifiers with an index. */
export const AUDIT_PARAMETERS: readonly string[] = [
  ...new Set([...Object.keys(READERS), ...EVENT_PARAMETERS]),
];

/** A search before any parameter was read. */
export function emptyDraft(setting: SearchSetting): Draft {
  return {
    setting,
    lists: {},
    persons: [],
    faults: [],
    conditions: [],
    ids: null,
    stretch: ALWAYS,
    alertsTo: null,
    alertStatuses: null,
    oldestFirst: false,
    limit: PAGE_SIZE_DEFAULT,
    cursor: null,
  };
}

/** Whether a name, with its modifier or chain, is a parameter that is understood. */
export function isUnderstood(name: string): boolean {
  return Object.hasOwn(READERS, name);
}

/** Reads one parameter into the draft: what it asks for, or what is wrong with it. */
export function readParameter(draft: Draft, name: string, value: string): void {
  // An empty value would ask for nothing in particular, and so find more than was meant.
  if (alternatives(value).some((each) => each === '')) fault(draft, name, 'a value is missing');
  else READERS[name]?.(draft, value, name);
}

function readPatient(draft: Draft, value: string, name: string): void {
  const ids: string[] = [];
  for (const reference of alternatives(value).map(unescaped)) {
    const local = reference.startsWith(`${draft.setting.baseUrl}/`)
      ? reference.slice(draft.setting.baseUrl.length + 1)
      : reference;
    const [, id] = /^(?:Patient\/)?([A-Za-z0-9.-]{1,64})$/.exec(local) ?? [];
    if (id !== undefined) ids.push(id);
    // A Patient of another server is a good reference to someone whom this log is not about.
    else if (!/^https?:\/\/\S+$/.test(local)) fault(draft, name, 'it is no reference to a Patient');
  }
  narrow(draft, 'patients', ids);
}

function readPatientIdentifier(draft: Draft, value: string): void {
  const numbers = alternatives(value)
    .map(tokenOf)
    .filter(({ system }) => system === null || system === NHS_NUMBER);
  narrow(
    draft,
    'patients',
    numbers.map((token) => draft.setting.recordId(token.value)),
  );
}

function readAgentIdentifier(draft: Draft, value: string, name: string): void {
  const tokens = alternatives(value).map(tokenOf);
  const codes = tokens.filter(({ system }) => system === ODS_CODE);
  if (codes.length === tokens.length) {
    narrow(
      draft,
      'organizations',
      codes.map((token) => token.value),
    );
  } else if (codes.length > 0) {
    fault(draft, name, 'a person or an organisation cannot be asked for at once', 'not-supported');
  } else {
    narrow(
      draft,
      'agents',
      tokens.map((token) => token.value),
    );
    draft.persons.push(tokens);
  }
}

function readDate(draft: Draft, value: string, name: string): void {
  // One stretch of time is what the log is in the order of; all else is held against each entry.
  if (alternatives(value).length > 1 || /^(?:ne|ap)/.test(value)) {
    takeCondition(draft, name, value);
    return;
  }
  const stretch = stretchOf(value);
  if (typeof stretch === 'string') fault(draft, name, stretch);
  else draft.stretch = overlap(draft.stretch, stretch);
}

/**
 * Takes a parameter that no index knows; false for one that R4 does not have, or not with that
 * modifier where an index knows it without.
 */
export function takeCondition(draft: Draft, name: string, value: string): boolean {
  const read = readEventCondition(name, value, draft.setting);
  if (read === null) return false;
  if ('condition' in read) draft.conditions.push(read);
  else if (isUnderstood(baseOf(name)) && name !== baseOf(name)) return false;
  else draft.faults.push(read);
  return true;
}

/** A parameter's name without modifier and chain. */
export function baseOf(name: string): string {
  return name.split(/[:.]/, 1)[0] ?? name;
}

function readIds(draft: Draft, value: string, name: string): void {
  const asked = [...new Set(alternatives(value).map(unescaped))];
  if (asked.length > IDS_MAX) fault(draft, name, `it may list ${IDS_MAX} ids at most`);
  draft.ids = draft.ids === null ? asked : draft.ids.filter((id) => asked.includes(id));
}

const IDS_MAX = 100;

function readCode(
  draft: Draft,
  list: 'actions' | 'outcomes',
  name: string,
  value: string,
  codes: readonly string[],
  own: string,
): void {
  const tokens = alternatives(value).map(tokenOf);
  const known = tokens.filter((token) => codes.includes(token.value));
  if (known.length < tokens.length) fault(draft, name, `the codes are ${codes.join(', ')}`);
  const asked = known.filter(({ system }) => system === null || system === own);
  narrow(
    draft,
    list,
    asked.map((token) => token.value),
  );
}

function readAlert(draft: Draft, value: string, name: string): void {
  if (value === 'true') draft.alertsTo = draft.setting.organization;
  else if (/^[A-Z0-9]{1,20}$/.test(value)) draft.alertsTo = value;
  else fault(draft, name, 'it is true or an ODS code');
}

function readAlertStatus(draft: Draft, value: string, name: string): void {
  const asked = alternatives(value);
  const known = ALERT_STATUSES.filter((status) => asked.includes(status));
  if (known.length < new Set(asked).size) {
    fault(draft, name, `the statuses are ${ALERT_STATUSES.join(', ')}`);
  }
  draft.alertStatuses = known;
}

function readCount(draft: Draft, value: string, name: string): void {
  const count = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (count < 1) fault(draft, name, 'it is a whole number from 1 on');
  else draft.limit = Math.min(count, PAGE_SIZE_MAX);
}

/** The log is in the order of time; no index has any other. */
function readSort(draft: Draft, value: string, name: string): void {
  const isOldestFirst = OLDEST_FIRST.includes(value);
  if (isOldestFirst || NEWEST_FIRST.includes(value)) draft.oldestFirst = isOldestFirst;
  else fault(draft, name, 'the log is sorted by date or -date', 'not-supported');
}

const OLDEST_FIRST = ['date', '_lastUpdated'];
const NEWEST_FIRST = OLDEST_FIRST.map((name) => `-${name}`);

function only(allowed: string, says: string): Reader {
  return (draft, value, name) => {
    if (value !== allowed) fault(draft, name, says, 'not-supported');
  };
}

/** Narrows a list of the query down to these: what was asked before and is asked now. */
function narrow(draft: Draft, list: ListName, values: readonly string[]): void {
  const before = draft.lists[list];
  const both = before === undefined ? values : values.filter((value) => before.includes(value));
  draft.lists[list] = [...new Set(both)];
}

/** Notes what is wrong with a parameter, in words that hold no value of it. */
export function fault(
  draft: Draft,
  name: string,
  says: string,
  code: 'value' | 'not-supported' = 'value',
): void {
  const shown = shownName(name);
  draft.faults.push({ code, diagnostics: `Parameter ${shown}: ${says}.` });
}

/** A parameter's name as messages show it; one that is no name is not repeated. */
export function shownName(name: string): string {
  return /^[\w.:-]{1,64}$/.test(name) ? name : 'without a proper name';
}
