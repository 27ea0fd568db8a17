import { describe } from 'vitest';
import { storeContract } from '../store/contract.ts';
import { openMongoFixture, serverUrl } from '../support/mongodb.ts';

// Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
describe.skipIf(serverUrl === null)('on a MongoDB-protocol server', () => {
  storeContract('MongoDB', openMongoFixture);
});
