import { personOf } from '../domain/access/caller.ts';
import type { Claim } from '../domain/access/claim.ts';
import { disclose, discloseDemographics } from '../domain/consent/disclose.ts';
import type { Disclosure } from '../domain/consent/disclosed.ts';
import type { Shown } from '../ports/store.ts';
import type { Call, Context } from './context.ts';

/**
 * Reads a record and passes it through the one door: what this caller may see of it, now. `shown`:
 * whose texts an answer needs, of those that it lets through.
 */
export async function openRecord(
  context: Context,
  call: Call,
  recordId: string,
  shown?: Shown,
): Promise<Disclosure> {
  const reading = context.store.currentRecord(recordId, shown);
  const [record, claims] = claimsMatter(call)
    ? await Promise.all([reading, liveClaims(context, call, recordId)])
    : [await reading, NO_CLAIMS];
  const requester = { caller: call.caller, claims };
  return disclose(record, requester, context.rules, context.clock.now());
}

/** As `openRecord`, for tracing by the exact NHS number: demographics need no relationship. */
export async function traceRecord(
  context: Context,
  call: Call,
  recordId: string,
): Promise<Disclosure> {
  const record = await context.store.currentRecord(recordId);
  const requester = { caller: call.caller, claims: [] };
  return discloseDemographics(record, requester, context.rules, context.clock.now());
}

/** The relationships that this person claimed with this patient, where they matter. */
export async function liveClaims(
  context: Context,
  call: Call,
  recordId: string,
): Promise<readonly Claim[]> {
  if (!claimsMatter(call)) return NO_CLAIMS;
  const { caller } = call;
  return context.store.claims({
    patient: recordId,
    person: personOf(caller),
    organization: caller.organization,
    activeAt: new Date(context.clock.now()).toISOString(),
  });
}

/**
 * Only a clinician's claims matter, and with a launch context, which is a relationship by itself,
 * only as the basis of the purpose HLEGAL.
 */
function claimsMatter({ caller }: Call): boolean {
  if (caller.role !== 'clinician') return false;
  return caller.launchPatient === null || caller.purpose === 'HLEGAL';
}

const NO_CLAIMS: readonly Claim[] = [];
