import { authorise } from '../domain/access/authorise.ts';
import type { DisclosedEntry } from '../domain/consent/disclosed.ts';
import type { JsonObject } from '../domain/fhir/json.ts';
import { sectionOf } from '../domain/fhir/resource-types.ts';
import type { Problem } from '../domain/problem.ts';
import type { Call, Context } from './context.ts';
import { rehearseEdit } from './edit-entry.ts';
import { rehearseConsentDelete, rehearseConsentUpdate } from './record-consent.ts';

/** Why this caller could not update an entry to this now; null when they could. */
export async function rehearseUpdate(
  context: Context,
  call: Call,
  { type, id }: DisclosedEntry,
  resource: JsonObject,
): Promise<Problem | null> {
  const denial = authorise(call.caller, { interaction: 'update', type });
  if (denial !== null) return denial;
  if (isChoice(type)) return rehearseConsentUpdate(context, call, id, resource);
  return rehearseEdit(context, call, { action: 'update', type, id, body: resource, ...PLAIN });
}

/** Why this caller could not delete an entry now; null when they could. */
export async function rehearseDelete(
  context: Context,
  call: Call,
  { type, id }: DisclosedEntry,
): Promise<Problem | null> {
  const denial = authorise(call.caller, { interaction: 'delete', type });
  if (denial !== null) return denial;
  if (isChoice(type)) return rehearseConsentDelete(context, call, id);
  return rehearseEdit(context, call, { action: 'delete', type, id, body: undefined, ...PLAIN });
}

/** A patient's choices are recorded in a way of their own. */
function isChoice(type: DisclosedEntry['type']): boolean {
  return sectionOf(type) === 'consent';
}

/** No criteria and no conditions. */
const PLAIN = { query: null, ifMatch: null, ifNoneExist: null } as const;
