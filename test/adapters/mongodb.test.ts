import { describe, inject } from 'vitest';
import { storeContract } from '../store/contract.ts';
import { openMongoFixture } from '../support/mongodb.ts';

const serverUrl = inject('mongodbUrl');

// Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
describe.skipIf(serverUrl === null)('on a MongoDB-protocol server', () => {
  storeContract('MongoDB', () => openMongoFixture(serverUrl ?? ''));
});
