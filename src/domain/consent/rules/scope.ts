import type { Caller } from '../../access/caller.ts';
import { allows } from '../../access/scope.ts';
import { scopesInForce } from '../../access/scope-level.ts';
import { RECORD_TYPES, type RecordType } from '../../fhir/resource-types.ts';
import type { EntryRule } from '../rule.ts';

/**
 * Section 2 of the contract: what a token's scopes do not let its bearer read does not come along
 * either, by an include or an operation.
 */
export const scope: EntryRule = {
  id: 'scope',
  reason: 'The viewer’s system was not given access to entries of this kind.',
  source: 'Contract, section 2; SMART App Launch 2.2, scopes',
  withholds: (entry, { requester }) => !typesShownTo(requester.caller).has(entry.type),
  concerns: ({ requester }) => typesShownTo(requester.caller).size < RECORD_TYPES.length,
};

/** The types that a caller, who never changes, may have by the scopes of their token. */
const TYPES_SHOWN = new WeakMap<Caller, ReadonlySet<RecordType>>();

function typesShownTo(caller: Caller): ReadonlySet<RecordType> {
  const known = TYPES_SHOWN.get(caller);
  if (known !== undefined) return known;
  const scopes = scopesInForce(caller, caller.scopes);
  const types = RECORD_TYPES.filter(
    (type) => allows(scopes, type, 'r') || allows(scopes, type, 's'),
  );
  const shown = new Set(types);
  TYPES_SHOWN.set(caller, shown);
  return shown;
}
