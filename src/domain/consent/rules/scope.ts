import { allows } from '../../access/scope.ts';
import { scopesInForce } from '../../access/scope-level.ts';
import type { EntryRule } from '../rule.ts';

/**
 * Section 2 of the contract: what a token's scopes do not let its bearer read does not come along
 * either, by an include or an operation.
 */
export const scope: EntryRule = {
  id: 'scope',
  reason: 'The viewer’s system was not given access to entries of this kind.',
  source: 'Contract, section 2; SMART App Launch 2.2, scopes',
  withholds(entry, { requester: { caller } }) {
    const scopes = scopesInForce(caller, caller.scopes);
    return !allows(scopes, entry.type, 'r') && !allows(scopes, entry.type, 's');
  },
};
