import type { Caller, Role } from '../../../src/domain/access/caller.ts';
import type { ClaimReason } from '../../../src/domain/access/claim.ts';
import type { Scope } from '../../../src/domain/access/scope.ts';
import { levelsFor } from '../../../src/domain/access/scope-level.ts';
import type { Disclosure } from '../../../src/domain/consent/disclosed.ts';
import type { Requester } from '../../../src/domain/consent/rule.ts';
import type { RuleData } from '../../../src/domain/consent/rule-data.ts';
import { rangeOf } from '../../../src/domain/fhir/date-range.ts';
import type { RecordType } from '../../../src/domain/fhir/resource-types.ts';
import type { CareRecord, Entry } from '../../../src/domain/record/care-record.ts';
import type { Choice, Policy } from '../../../src/domain/record/choice.ts';
import { NAMING_POLICIES } from '../../../src/domain/record/read-choice.ts';
import { aClaim, anEntry, aRecord, recordId } from '../../support/records.ts';
import { callerOfRole, PATIENT_NHS_NUMBER } from '../../support/tokens.ts';

/** The moment at which cases take place unless they say otherwise. */
export const CASE_NOW = Date.parse('2026-03-02T12:00:00.000Z');

export const CASE_RULES: RuleData = {
  acuteMonths: 12,
  discontinuedMonths: 6,
  claimHours: 24,
  documentHours: 24,
  sensitiveCodes: new Set(['s|sensitive']),
};

/** A record in the short form of the case files; see `test/cases/consent/README.md`. */
export interface CaseRecord {
  readonly practice?: string | null;
  readonly entries: Readonly<Record<string, string>>;
  readonly choices?: readonly string[];
  readonly dissentSeenAt?: string;
  readonly acceptedAt?: Readonly<Record<string, string>>;
}

/** `words` of a short form, and its `name=value` parts. */
function split(text: string): { words: readonly string[]; parts: ReadonlyMap<string, string> } {
  const pieces = text.split(' ');
  const parts = pieces.filter((piece) => piece.includes('='));
  return {
    words: pieces.filter((piece) => !piece.includes('=')),
    parts: new Map(parts.map((part) => part.split('=', 2) as [string, string])),
  };
}

function moment(text: string | undefined, end: 'start' | 'end'): number | null {
  const range = text === undefined ? null : rangeOf(text);
  if (text !== undefined && range === null) throw new Error(`${text} is no date`);
  return range?.[end] ?? null;
}

/** The id of the entry of this name: the Patient's is the record's own. */
function idOf(names: readonly string[], name: string): string {
  const index = names.indexOf(name);
  if (index === -1) throw new Error(`the case has no entry ${name}`);
  return name === 'patient' ? recordId(1) : anEntry(index).id;
}

function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(',');
}

/** When entries were written: before any extract was accepted that a case speaks of. */
const LONG_AGO = '2026-01-01T00:00:00.000Z';
const KINDS = ['acute', 'repeat', 'unstated'] as const;

function readEntry(names: readonly string[], name: string, text: string): Entry {
  const { words, parts } = split(text);
  const [type, recordedBy = '', ...flags] = words;
  const prescription = KINDS.find((kind) => flags.includes(kind));
  const medication = prescription && {
    prescription,
    status: parts.get('status') ?? 'active',
    start: parts.get('start') ?? null,
    end: parts.get('end') ?? null,
    issued: parts.get('issued') ?? parts.get('start') ?? null,
  };
  const told = listOf(parts.get('told'));
  return anEntry(names.indexOf(name), {
    id: idOf(names, name),
    type: type as RecordType,
    recordedBy,
    labels: listOf(parts.get('label')).map((code) => `v3|${code}`),
    codes: listOf(parts.get('code')).map((code) => `s|${code}`),
    refs: [...told, ...listOf(parts.get('refs'))].map((each) => idOf(names, each)),
    ...(type === 'Provenance' && { tellsOf: told.map((each) => idOf(names, each)) }),
    withdrawn: flags.includes('withdrawn'),
    lastUpdated: LONG_AGO,
    ...(medication && { medication }),
  });
}

function readChoiceEntry(names: readonly string[], index: number, text: string): Entry {
  const { words, parts } = split(text);
  const [policy, type, organization = '', date] = words;
  const named = listOf(parts.get('names')).map((each) => idOf(names, each));
  if (NAMING_POLICIES.includes(policy as Policy) !== named.length > 0) throw new Error(text);
  const choice: Choice = {
    policy: policy as Policy,
    permits: type === 'permit',
    organization,
    active: (parts.get('status') ?? 'active') === 'active',
    madeAt: moment(date, 'start') ?? Number.NaN,
    from: moment(parts.get('from'), 'start'),
    until: moment(parts.get('until'), 'end'),
    names: named,
  };
  const entry = anEntry(1_000 + index, {
    type: 'Consent',
    recordedBy: organization,
    labels: listOf(parts.get('label')).map((code) => `v3|${code}`),
    codes: listOf(parts.get('code')).map((code) => `s|${code}`),
    lastUpdated: LONG_AGO,
  });
  return policy === 'unreadable' ? entry : { ...entry, choice, refs: named };
}

/** The record that a short form stands for. */
export function recordOf(short: CaseRecord): CareRecord {
  const names = Object.keys(short.entries);
  const entries = [
    ...names.map((name) => readEntry(names, name, short.entries[name] ?? '')),
    ...(short.choices ?? []).map((text, index) => readChoiceEntry(names, index, text)),
  ];
  const recorders = [...new Set(entries.map((entry) => entry.recordedBy))];
  const sources = recorders.map((by) => {
    const acceptedAt = short.acceptedAt?.[by] ?? '2026-02-01T00:00:00.000Z';
    return [by, { version: 1, timestamp: acceptedAt, acceptedAt }];
  });
  return aRecord({
    nhsNumber: PATIENT_NHS_NUMBER,
    practice: short.practice === undefined ? 'GP' : short.practice,
    dissentSeenAt: short.dissentSeenAt ?? null,
    sources: Object.fromEntries(sources),
    entries,
  });
}

/** Names of entries, as the case has them, by their ids; a Consent is `policy@organization`. */
export function namesOf(short: CaseRecord, ids: readonly string[]): readonly string[] {
  const names = Object.keys(short.entries);
  const byId = new Map(names.map((name) => [idOf(names, name), name]));
  (short.choices ?? []).forEach((text, index) => {
    const [policy, , organization] = text.split(' ');
    byId.set(anEntry(1_000 + index).id, `${policy}@${organization}`);
  });
  return ids.map((id) => byId.get(id) ?? 'unknown').sort();
}

const REASONS: readonly string[] = ['care-episode', 'emergency', 'legal'];

/** The requester that a short form such as `clinician UCC TREAT claim=legal` stands for. */
export function requesterOf(text: string): Requester {
  const { words, parts } = split(text);
  const [role, organization = '', ...flags] = words;
  const base = callerOfRole[role as Role];
  const reason = parts.get('claim');
  if (reason !== undefined && !REASONS.includes(reason)) throw new Error(text);
  const caller: Partial<Caller> = {
    organization,
    purpose: flags.find((flag) => /^[A-Z]+$/.test(flag)) ?? null,
    launchPatient: flags.includes('launch') ? recordId(1) : null,
    ...(flags.includes('launch-other') && { launchPatient: recordId(2) }),
    ...(parts.has('nhs') && { nhsNumber: parts.get('nhs') ?? null }),
    ...(parts.has('scope') && { scopes: scopesOf(role as Role, listOf(parts.get('scope'))) }),
  };
  const claims = reason === undefined ? [] : [aClaim({ reason: reason as ClaimReason })];
  return { caller: base(caller), claims };
}

/** To read these types, at the level that counts for the role. */
function scopesOf(role: Role, types: readonly string[]): readonly Scope[] {
  const level = levelsFor({ role, launchPatient: null })[0] ?? 'user';
  return types.map((type) => ({ level, type, permissions: 'rs' }));
}

/** What a decision comes to, with names instead of ids: what a case expects. */
export function outcomeOf(short: CaseRecord, decision: Disclosure): object {
  if (decision.outcome === 'refused') {
    const rules = (decision.problem.audit?.rules ?? []).map((each) => each.rule);
    return { refused: rules.join(' ') };
  }
  const rules = Object.fromEntries(decision.rules.map(({ rule, withheld }) => [rule, withheld]));
  if (decision.view === null) return { absent: Object.keys(rules).join(' ') };
  const { entries, gone } = decision.view;
  const ids = (list: readonly Entry[]) =>
    namesOf(
      short,
      list.map((entry) => entry.id),
    );
  return {
    visible: ids(entries.filter((entry) => entry.type !== 'Consent')).join(' '),
    consents: ids(entries.filter((entry) => entry.type === 'Consent')).join(' '),
    gone: ids(gone).join(' '),
    rules,
    alert: decision.alert?.kind ?? null,
  };
}
