import { objectAt, textAt } from '../../fhir/elements.ts';
import { isObject, type Json, type JsonObject } from '../../fhir/json.ts';
import { readPatch } from '../../fhir/patch/patch.ts';
import { rewriteReferences } from '../../fhir/references.ts';
import type { RecordType } from '../../fhir/resource-types.ts';
import { readVersionCondition, type VersionCondition } from '../../fhir/version-condition.ts';
import { type Problem, problem, problems } from '../../problem.ts';
import { literalReferencesOf } from '../../record/entry-facts.ts';
import { fail, type Result, succeed } from '../../result.ts';
import { contentIssues } from '../check-content.ts';
import type { ArrivingResource } from '../submission.ts';
import { type Criteria, type CriteriaReading, readCriteria } from './criteria.ts';
import type { Edit, EditAction, EditTarget } from './edit.ts';
import { conditionalReference } from './whose-record.ts';

/** A change as it was asked for, by a request of its own or by an entry of a transaction. */
export interface EditRequest {
  readonly action: EditAction;
  readonly type: RecordType;
  /** The id in the path; null when there is none. */
  readonly id: string | null;
  /** The query of the path, for conditional interactions; null when there is none. */
  readonly query: string | null;
  readonly ifMatch: string | null;
  readonly ifNoneExist: string | null;
  /** The body; undefined when there is none. */
  readonly body: Json | undefined;
  /** `Bundle.entry.fullUrl`; null outside a Bundle. */
  readonly fullUrl: string | null;
  /** `Bundle.entry[3]`; empty for a request of its own. */
  readonly at: string;
}

/** What is needed to understand a request. */
export interface EditReading extends CriteriaReading {
  /** An id that nothing else has. */
  freshId(): string;
}

/**
 * Understands a change as far as that is possible without the record. `malformed` for what makes no
 * sense as a request, `invalid` for content: all its faults at once.
 */
export function readEdit(request: EditRequest, reading: EditReading): Result<Edit> {
  const ifMatch = request.ifMatch === null ? null : readVersionCondition(request.ifMatch);
  if (ifMatch === null && request.ifMatch !== null) return fail(at(request, BAD_IF_MATCH));
  if (request.action === 'create') return readCreate(request, reading);
  const target = readTarget(request, reading);
  if (!target.ok) return target;
  const common = { type: request.type, at: request.at, target: target.value, ifMatch };
  switch (request.action) {
    case 'update':
      return readUpdate(request, common, reading);
    case 'patch':
      return readPatchEdit(request, common);
    case 'delete':
      return succeed({ action: 'delete', ...common });
  }
}

interface Common {
  readonly type: RecordType;
  readonly at: string;
  readonly target: EditTarget;
  readonly ifMatch: VersionCondition | null;
}

function readCreate(request: EditRequest, reading: EditReading): Result<Edit> {
  const { type, ifNoneExist } = request;
  const content = readContent(request, reading);
  if (!content.ok) return content;
  let unless: Criteria | null = null;
  if (ifNoneExist !== null) {
    const criteria = readCriteria(type, afterMark(ifNoneExist), reading);
    if (!criteria.ok) return fail(at(request, criteria.problem));
    unless = criteria.value;
  }
  const freshKey = `${type}#${reading.freshId()}`;
  return succeed({
    action: 'create',
    type,
    at: request.at,
    content: content.value,
    unless,
    freshKey,
  });
}

function readUpdate(request: EditRequest, common: Common, reading: EditReading): Result<Edit> {
  const content = readContent(request, reading);
  if (!content.ok) return content;
  const sent = content.value.resource.id;
  if (common.target.kind === 'id' && sent !== common.target.id) {
    const where = `${content.value.at}.id`;
    return fail(problem('malformed', 'value', 'The id must be that of the request.', where));
  }
  const freshKey = `${request.type}#${reading.freshId()}`;
  return succeed({ action: 'update', ...common, content: content.value, freshKey });
}

function readPatchEdit(request: EditRequest, common: Common): Result<Edit> {
  if (request.body === undefined) return fail(at(request, NO_BODY));
  const patch = readPatch(request.body);
  if (!patch.ok) return fail(at(request, patch.problem));
  return succeed({ action: 'patch', ...common, patch: patch.value });
}

function readTarget(request: EditRequest, reading: EditReading): Result<EditTarget> {
  const { id, query, type } = request;
  if (id !== null) return succeed({ kind: 'id', id });
  const criteria = readCriteria(type, query ?? '', reading);
  if (!criteria.ok) return fail(at(request, criteria.problem));
  return succeed({ kind: 'criteria', criteria: criteria.value });
}

function readContent(request: EditRequest, reading: EditReading): Result<ArrivingResource> {
  const { body, type } = request;
  if (body === undefined) return fail(at(request, NO_BODY));
  const place = request.at === '' ? type : `${request.at}.resource`;
  if (!isObject(body) || body.resourceType !== type) {
    return fail(
      problem('invalid', 'structure', `A resource of the type ${type} is expected.`, place),
    );
  }
  const issues = contentIssues(resolvable(body, reading), place);
  if (issues.length > 0) return fail(problems('invalid', issues));
  const references = referencesTo(request, body);
  return succeed({ type, resource: body, references, at: place });
}

/**
 * The resource as it will be once its conditional references are resolved, which are no references
 * of R4 by themselves: with any id in their place.
 */
function resolvable(resource: JsonObject, reading: CriteriaReading): JsonObject {
  const stand = literalReferencesOf(resource)
    .map((reference) => [reference, conditionalReference(reference, reading)] as const)
    .filter(([, criteria]) => criteria !== null)
    .map(([reference, criteria]) => [reference, `${criteria?.type}/resolved`] as const);
  return stand.length === 0 ? resource : rewriteReferences(resource, new Map(stand));
}

/** The literal references by which what is sent together refers to this resource. */
function referencesTo({ fullUrl, type }: EditRequest, resource: JsonObject): readonly string[] {
  const id = textAt(resource, 'id');
  const restful =
    fullUrl === null ? null : /\/([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})$/.exec(fullUrl);
  const names = [id === null ? null : `${type}/${id}`, fullUrl, restful?.[1] ?? null];
  return [...new Set(names.filter((name) => name !== null))];
}

/** The criteria of `If-None-Exist`, which some clients write with the type before them. */
function afterMark(text: string): string {
  return text.slice(text.indexOf('?') + 1);
}

/** The same problem, with where it is. */
function at(request: EditRequest, what: Problem): Problem {
  if (request.at === '') return what;
  const [first, ...rest] = what.issues.map((issue) => ({ expression: request.at, ...issue }));
  return first === undefined ? what : { ...what, issues: [first, ...rest] };
}

const NO_BODY = problem('malformed', 'required', 'A resource is needed.');
const BAD_IF_MATCH = problem('malformed', 'value', 'If-Match is W/"[version id]", or *.');

/** The entry of a Bundle, and what it asks for, as texts. */
export function requestOf(entry: JsonObject): Readonly<Record<'method' | 'url', string | null>> & {
  readonly ifMatch: string | null;
  readonly ifNoneExist: string | null;
} {
  const request = objectAt(entry, 'request') ?? {};
  return {
    method: textAt(request, 'method'),
    url: textAt(request, 'url'),
    ifMatch: textAt(request, 'ifMatch'),
    ifNoneExist: textAt(request, 'ifNoneExist'),
  };
}
