import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { auditCases } from './audit-cases.ts';
import { auditSearchCases } from './audit-search-cases.ts';
import { claimCases } from './claim-cases.ts';
import { commitCases } from './commit-cases.ts';
import { concurrencyCases } from './concurrency-cases.ts';
import { fidelityCases } from './fidelity-cases.ts';
import { lifecycleCases } from './lifecycle-cases.ts';
import { sealCases } from './seal-cases.ts';
import { termCases } from './term-cases.ts';

/** One empty database, open. */
export interface StoreFixture {
  /** A store on a database that nothing was ever written to. */
  readonly store: Store;
  /** Closes `store` (closing twice is allowed) and opens the same database again. */
  reopen(): Promise<Store>;
  /** Opens the same database once more, while `store` stays open: as another process would. */
  second(): Promise<Store>;
  /** Closes every store of this fixture that is still open, and removes the database. */
  dispose(): Promise<void>;
}

/** What the cases see: the fixture of the test that is running. */
export type Opened = () => StoreFixture;

/**
 * What every store must do, whatever it is made of (`src/ports/store.ts`). Each test gets an empty
 * database of its own from `open`.
 */
export function storeContract(name: string, open: () => Promise<StoreFixture>): void {
  describe(`${name} keeps the store's contract`, () => {
    let fixture: StoreFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.dispose());
    const opened: Opened = () => fixture;

    describe('commits', () => commitCases(opened));
    describe('concurrent writers', () => concurrencyCases(opened));
    describe('demographic terms', () => termCases(opened));
    describe('the audit log', () => auditCases(opened));
    describe('audit search', () => auditSearchCases(opened));
    describe('seals on the log', () => sealCases(opened));
    describe('claims', () => claimCases(opened));
    describe('what was written', () => fidelityCases(opened));
    describe('opening and closing', () => lifecycleCases(opened));
  });
}

/**
 * How long a test over thousands of calls may take: a store reached by network is slow, not wrong.
 */
export const LONG_MS = 120_000;
