import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMongoStore } from '../../../src/adapters/mongodb/store.ts';
import { type MongoFixture, openMongoFixture, serverUrl } from '../../support/mongodb.ts';

// Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
describe.skipIf(serverUrl === null)('the collections in MongoDB', () => {
  let fixture: MongoFixture;
  beforeEach(async () => {
    fixture = await openMongoFixture();
  });
  afterEach(() => fixture.dispose());

  it('are made once, however often and by however many they are opened', async () => {
    await fixture.raw.db.dropDatabase();
    const stores = await Promise.all([fixture.second(), fixture.second(), fixture.second()]);
    for (const store of stores) await expect(store.ping()).resolves.toBeUndefined();
    await fixture.second();
    const indexes = await fixture.raw.collections.audit.indexes();
    expect(indexes.map(({ name }) => name).sort()).toEqual([
      '_id_',
      'by_agent',
      'by_alert',
      'by_entry',
      'by_organization',
      'by_patient',
      'by_time',
    ]);
  });

  it('are refused in one clear line when a newer version of the server wrote them', async () => {
    const { meta } = fixture.raw.collections;
    await meta.updateOne({ _id: 'schema' }, { $set: { version: 2 } });
    await expect(openMongoStore(fixture.url)).rejects.toThrow(
      'the database has schema version 2, and this server knows 1 only',
    );
  });
});
