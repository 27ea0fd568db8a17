import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import type { Json, JsonObject } from '../domain/fhir/json.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import { type Issue, problem } from '../domain/problem.ts';
import type { Call, Context } from './context.ts';
import { auditedVersion } from './entry-texts.ts';
import { openEntry } from './open-entry.ts';
import type { Interaction } from './perform.ts';
import { rehearseDelete, rehearseUpdate } from './rehearse-write.ts';
import { release } from './release.ts';
import { resourceOf, storedTexts } from './stored-texts.ts';
import { findingsOf, outcomeText } from './validation-outcome.ts';
import { readValidationRequest, type ValidationRequest } from './validation-request.ts';

/**
 * `$validate` of one resource (http://hl7.org/fhir/R4/resource-operation-validate.html): of what is
 * stored, or of what is sent to take its place; with the mode `update` or `delete` also whether
 * this caller could do that to it now. Nothing is stored. It tells of what is stored, so it is a
 * read like any other, and fails as `openEntry` does. `body` null where none was sent.
 */
export function validateInstance(
  type: RecordType,
  id: string,
  body: Json | null,
  query: URLSearchParams,
): Interaction {
  return async (context, call) => {
    const asked = readValidationRequest(type, body, query);
    if (!asked.ok) return asked;
    const opened = await openEntry(context, call, type, id);
    if (!opened.ok) return opened;
    const { view, entry, decided } = opened.value;
    const text = await answerOf(context, call, { view, entry, asked: asked.value });
    const entities = [auditedVersion(entry)];
    const details = { ...decided, entities, entityNames: [type] };
    return release(context, call, details, { status: 'ok', body: [text] });
  };
}

interface Instance {
  readonly view: DisclosedRecord;
  readonly entry: DisclosedEntry;
  readonly asked: ValidationRequest;
}

async function answerOf(context: Context, call: Call, instance: Instance): Promise<Uint8Array> {
  const { entry, asked } = instance;
  if (asked.mode === 'delete') {
    const refusal = await rehearseDelete(context, call, entry);
    const faults = refusal?.issues ?? [];
    return outcomeText({ faults, advice: [] }, 'You could delete this resource now.');
  }
  const resource = asked.resource ?? (await storedResource(context, instance));
  const { faults, advice } = await findingsOf(resource, asked.profile);
  const others = await refusalsOf(context, call, instance, resource);
  const all = [...faults, ...others.filter((each) => !faults.some((fault) => isSame(fault, each)))];
  return outcomeText({ faults: all, advice }, FINE[asked.mode ?? 'profile']);
}

async function storedResource(context: Context, { view, entry }: Instance): Promise<JsonObject> {
  const [text] = await storedTexts(context, view, [entry]);
  return resourceOf(text);
}

/** What keeps the mode from being possible, beside the content by itself. */
async function refusalsOf(
  context: Context,
  call: Call,
  { entry, asked }: Instance,
  resource: JsonObject,
): Promise<readonly Issue[]> {
  if (asked.mode === 'create') return EXISTS.issues;
  if (asked.mode !== 'update') return [];
  return (await rehearseUpdate(context, call, entry, resource))?.issues ?? [];
}

function isSame(one: Issue, other: Issue): boolean {
  return one.expression === other.expression && one.diagnostics === other.diagnostics;
}

const FINE = {
  create: '',
  update: 'The resource is valid, and you could update it to this now.',
  profile: 'The resource is valid.',
} as const;
const EXISTS = problem(
  'conflict',
  'duplicate',
  'This resource exists: it can be updated, and is not created again.',
);
