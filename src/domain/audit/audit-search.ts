import { problems } from '../problem.ts';
import { fail, type Result, succeed } from '../result.ts';
import { type ReadShape, readShape } from '../search/read-shape.ts';
import { readCursor } from './audit-cursor.ts';
import {
  baseOf,
  type Draft,
  emptyDraft,
  fault,
  isUnderstood,
  readParameter,
  type SearchSetting,
  takeCondition,
} from './audit-parameters.ts';
import type { AuditEntry, AuditPosition, AuditQuery, ShownEntry } from './entry.ts';
import { holdsOf } from './event-conditions.ts';
import { recordedIn } from './recorded-range.ts';
import type { AlertStatus } from './resolution.ts';
import type { Token } from './search-values.ts';

/** Search parameters as they stand in the URL, decoded, in order. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/** A search of the audit log as it was asked. */
export interface AuditSearch {
  readonly query: AuditQuery;
  /** What the query cannot say, the issuers of the agents: to be held against every entry. */
  readonly byPerson: (entry: AuditEntry) => boolean;
  /** What no index knows: to be held against every entry as it is shown. */
  readonly holds: (shown: ShownEntry) => boolean;
  /** The ids of which the entries found must have one; null for any. */
  readonly ids: readonly string[] | null;
  /** Of alerts, only those that stand thus; null for any. The query cannot say it either. */
  readonly alertStatuses: readonly AlertStatus[] | null;
  /** Which parts of the entries are shown. */
  readonly shape: ReadShape;
  /** The names of unknown parameters, which were left out of account. */
  readonly ignored: readonly string[];
  /** The parameters that count, as they came. */
  readonly used: Parameters;
  /** What was searched for, as text: what a cursor is bound to. */
  readonly question: string;
}

/** Parameters whose conditions do not add up when they are given again. */
const GIVEN_ONCE = new Set([
  'entity-name',
  'alert',
  'alert-status',
  '_count',
  '_cursor',
  '_sort',
  '_total',
]);

/**
 * Reads a search of the audit log (http://hl7.org/fhir/R4/auditevent.html#search):
 *
 * - `patient`: `[id]`, `Patient/[id]` or its absolute URL; `patient:identifier` and
 *   `patient.identifier`: the NHS number;
 * - `agent`: `sub` of the token; `agent:identifier`: `[iss]|[sub]`, or an ODS code with its system;
 * - `date`, or `_lastUpdated`, which is the same; `action`; `outcome`;
 * - `entity-name`: the beginning of a resource type, in any case; `entity-name:exact`;
 * - `alert`: `true`, for alerts to the caller's own organisation, or an ODS code;
 * - `alert-status`, with `alert`: `open`, `escalated`, `closed`;
 * - `_id`; every other parameter of R4, with its modifiers, held against one entry after another;
 * - `_sort`: `date` or `-date`; `_count`; `_cursor`, from the link to the next page; `_summary` and
 *   `_elements`.
 *
 * Commas mean or, repeated parameters and. Fails as `malformed` with all faults at once: values
 * that cannot be read, unknown modifiers, and under strict handling unknown parameters.
 */
export function readAuditSearch(
  parameters: Parameters,
  setting: SearchSetting,
): Result<AuditSearch> {
  const draft = emptyDraft(setting);
  const used = parameters.filter(([name, value]) => isTaken(draft, name, value));
  for (const name of repeatedNames(used)) fault(draft, name, 'it may be given once');
  const known = new Set(used.map(([name]) => name));
  const unknown = [...new Set(parameters.map(([name]) => name))].filter((name) => !known.has(name));
  const ignored = unknown.filter((name) => !isRefused(draft, name));
  return finish(draft, used, ignored);
}

/** Reads a parameter, by an index or as a condition on entries; false when it is neither. */
function isTaken(draft: Draft, name: string, value: string): boolean {
  if (!isUnderstood(name)) return takeCondition(draft, name, value);
  readParameter(draft, name, value);
  return true;
}

function repeatedNames(used: Parameters): ReadonlySet<string> {
  const bases = used.map(([name]) => baseOf(name)).filter((base) => GIVEN_ONCE.has(base));
  return new Set(bases.filter((base, at) => bases.indexOf(base) !== at));
}

/** Adds the fault of a parameter that is not known, unless it may be ignored. */
function isRefused(draft: Draft, name: string): boolean {
  if (isUnderstood(baseOf(name))) {
    fault(draft, baseOf(name), 'this modifier or chain is not supported', 'not-supported');
    return true;
  }
  if (draft.setting.strict) fault(draft, name, 'it is not known', 'not-supported');
  return draft.setting.strict;
}

function finish(draft: Draft, used: Parameters, ignored: readonly string[]): Result<AuditSearch> {
  const asked = {
    ...draft.lists,
    ...recordedIn(draft.stretch),
    ...(draft.alertsTo === null ? {} : { alertsTo: draft.alertsTo }),
    ...(draft.oldestFirst ? { oldestFirst: true as const } : {}),
  };
  const { persons, alertStatuses } = draft;
  if (alertStatuses !== null && draft.alertsTo === null) {
    fault(draft, 'alert-status', 'it goes with the parameter alert');
  }
  const shape = shapeOf(draft, used);
  const { ids, setting } = draft;
  const conditions = draft.conditions;
  const further = [...conditions.map(({ name, value }) => [name, value]), ids];
  const all = [Object.entries(asked).sort(byName), persons, alertStatuses];
  const question = JSON.stringify(
    conditions.length === 0 && ids === null ? all : [...all, further],
  );
  const after = positionOf(draft, question);
  if (draft.faults.length > 0) return fail(problems('malformed', draft.faults));
  const query = { ...asked, ...(after === null ? {} : { after }), limit: draft.limit };
  const byPerson = byPersonIn(persons);
  const holds = (shown: ShownEntry) => holdsOf(shown, conditions, setting.baseUrl);
  return succeed({ query, byPerson, holds, ids, alertStatuses, shape, ignored, used, question });
}

/** Which parts are to be shown; all of them where what was asked for is a fault. */
function shapeOf(draft: Draft, used: Parameters): ReadShape {
  const shape = readShape(new URLSearchParams(used.map(([name, value]) => [name, value])));
  if (shape.ok) return shape.value;
  draft.faults.push(...shape.problem.issues);
  return null;
}

function positionOf(draft: Draft, question: string): AuditPosition | null {
  if (draft.cursor === null) return null;
  const position = readCursor(draft.cursor, question, draft.setting.digest);
  if (position === null) fault(draft, '_cursor', 'it is not from a link of this search');
  return position;
}

function byPersonIn(persons: readonly (readonly Token[])[]): (entry: AuditEntry) => boolean {
  return ({ agent }) =>
    persons.every((tokens) =>
      tokens.some(
        ({ system, value }) =>
          agent?.subject === value && (system === null || agent.issuer === system),
      ),
    );
}

function byName(one: readonly [string, unknown], other: readonly [string, unknown]): number {
  return one[0] < other[0] ? -1 : 1;
}
