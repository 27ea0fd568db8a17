import { expect, it } from 'vitest';
import type { Claim, ClaimQuery } from '../../src/domain/access/claim.ts';
import type { Store } from '../../src/ports/store.ts';
import {
  aClaim,
  aCommit,
  anAuditEntry,
  aRecord,
  NOON,
  recordId,
  secondsAfterNoon,
} from '../support/records.ts';
import type { Opened } from './contract.ts';

const ASKED: ClaimQuery = {
  patient: recordId(1),
  person: 'https://issuer.example|dr-khan',
  organization: 'RX1',
  activeAt: NOON,
};

/** Self-claimed relationships. */
export function claimCases(opened: Opened): void {
  it('finds a claim until the moment that it expires', async () => {
    const { store } = opened();
    const claim = aClaim({ expiresAt: '2026-03-02T13:00:00.000Z' });
    await record(store, 1, claim);
    const at = (activeAt: string) => store.claims({ ...ASKED, activeAt });
    expect(await at('2026-03-02T12:59:59.999Z')).toEqual([claim]);
    expect(await at('2026-03-02T13:00:00.000Z')).toEqual([]);
    expect(await at('2026-03-03T00:00:00.000Z')).toEqual([]);
  });

  it.each<[string, Partial<ClaimQuery>]>([
    ['person', { person: 'https://issuer.example|nurse-b' }],
    ['person in another case', { person: 'https://issuer.example|Dr-Khan' }],
    ['organisation', { organization: 'RX2' }],
    ['patient', { patient: recordId(2) }],
  ])('does not find it for another %s', async (_name, change) => {
    const { store } = opened();
    await record(store, 1, aClaim());
    expect(await store.claims({ ...ASKED, ...change })).toEqual([]);
    expect(await store.claims(ASKED)).toEqual([aClaim()]);
  });

  it('finds every live claim, and leaves out the expired ones', async () => {
    const { store } = opened();
    const legal = aClaim({ reason: 'legal', expiresAt: secondsAfterNoon(7200) });
    await record(store, 1, aClaim());
    await record(store, 2, legal);
    await record(store, 3, aClaim({ reason: 'emergency', expiresAt: secondsAfterNoon(-1) }));
    const found = await store.claims(ASKED);
    expect(found.map(({ reason }) => reason).sort()).toEqual(['care-episode', 'legal']);
    expect(found).toContainEqual(legal);
  });

  it('finds a claim that came with a commit, and none of a commit that came second', async () => {
    const { store } = opened();
    const audit = (n: number) => ({ audit: [anAuditEntry(n, { claim: aClaim() })] });
    await store.commit(aCommit(aRecord()));
    await store.commit(aCommit(aRecord(), audit(1)));
    expect(await store.claims(ASKED)).toEqual([]);
    await store.commit(aCommit(aRecord({ version: 2 }), audit(2)));
    expect(await store.claims(ASKED)).toEqual([aClaim()]);
  });
}

function record(store: Store, n: number, claim: Claim): Promise<void> {
  return store.appendAudit([anAuditEntry(n, { interaction: 'claim-relationship', claim })]);
}
