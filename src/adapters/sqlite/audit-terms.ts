import { hash } from 'node:crypto';
import type { AuditAgent, AuditEntry, AuditQuery } from '../../domain/audit/entry.ts';
import { boundedCache } from './bounded-cache.ts';

/**
 * Values of action and outcome that most entries have: walking all of the log finds them as fast as
 * an index would, so they are not indexed.
 */
const COMMON_ACTIONS: ReadonlySet<string> = new Set(['R', 'E']);
const COMMON_OUTCOMES: ReadonlySet<string> = new Set(['0']);

const TERM = {
  patient: (recordId: string) => `p:${recordId}`,
  agent: (subject: string) => `s:${subject}`,
  organization: (code: string) => `o:${code}`,
  entityName: (name: string) => `n:${name}`,
  alertTo: (organization: string) => `t:${organization}`,
  action: (action: string) => `a:${action}`,
  outcome: (outcome: string) => `x:${outcome}`,
};

/**
 * The kinds of terms in the index's order; never changed but at the end, of eight. Patients come
 * first: all others are few, so that what is written to them stays close together.
 */
const KINDS = 'psontax';
const KIND_SIZE = 2 ** 44;
const DIGEST_DIGITS = 11;

/**
 * What stands for a term in the index: its kind and 44 bits of its digest, which SQLite keeps in
 * six bytes. Terms may share a number: whoever finds an entry looks whether it is what was sought.
 */
export function termNumber(term: string): number {
  const known = NUMBERS.get(term);
  if (known !== undefined) return known;
  const digest = hash('sha256', term, 'hex').slice(0, DIGEST_DIGITS);
  const number = KINDS.indexOf(term.charAt(0)) * KIND_SIZE + Number.parseInt(digest, 16);
  NUMBERS.set(term, number, term.length);
  return number;
}

/** Who asks and what for are the same again and again. */
const NUMBERS = boundedCache<number>({ entriesMax: 4_096, bytesMax: 256 * 1024 });

/** What an entry is found by. */
export interface FoundBy
  extends Pick<AuditEntry, 'patient' | 'entityNames' | 'action' | 'outcome' | 'alert'> {
  readonly agent: Pick<AuditAgent, 'subject' | 'organization'> | null;
}

/** The terms under which the log's index finds an entry, each once. */
export function termsOf(entry: FoundBy): string[] {
  const terms = entry.entityNames.map(TERM.entityName);
  if (entry.patient !== null) terms.push(TERM.patient(entry.patient));
  if (entry.agent !== null) {
    terms.push(TERM.agent(entry.agent.subject), TERM.organization(entry.agent.organization));
  }
  if (entry.alert !== null) terms.push(TERM.alertTo(entry.alert.organization));
  if (!COMMON_ACTIONS.has(entry.action)) terms.push(TERM.action(entry.action));
  if (!COMMON_OUTCOMES.has(entry.outcome)) terms.push(TERM.outcome(entry.outcome));
  return [...new Set(terms)];
}

/**
 * The walks along the index that would each meet every entry that a query wants: one for each field
 * asked for, as the terms of that field. None when all of the log has to be walked.
 */
export function possibleWalks(query: AuditQuery): readonly (readonly string[])[] {
  const alertsTo = query.alertsTo === undefined ? undefined : [query.alertsTo];
  const walks = [
    alertsTo?.map(TERM.alertTo),
    query.patients?.map(TERM.patient),
    query.agents?.map(TERM.agent),
    query.organizations?.map(TERM.organization),
    query.entityNames?.map(TERM.entityName),
    uncommon(query.outcomes, COMMON_OUTCOMES)?.map(TERM.outcome),
    uncommon(query.actions, COMMON_ACTIONS)?.map(TERM.action),
  ];
  return walks.filter((terms) => terms !== undefined).map((terms) => [...new Set(terms)]);
}

function uncommon(
  values: readonly string[] | undefined,
  common: ReadonlySet<string>,
): readonly string[] | undefined {
  return values?.some((value) => common.has(value)) ? undefined : values;
}
