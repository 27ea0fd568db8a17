import { RECORD_TYPES } from '../../src/domain/fhir/resource-types.ts';
import { type PlayedWorld, recordIdOf } from '../support/play-worlds.ts';
import { momentOf, PATIENTS, SLOTS } from '../support/worlds.ts';

/** All that the one who asks could ever have heard of: ids and versions of both worlds. */
export interface Knowledge {
  readonly types: readonly string[];
  /** Of two people who may have a record, and of one who never had one. */
  readonly patientIds: readonly string[];
  readonly nhsNumbers: readonly string[];
  readonly allIds: readonly string[];
  /** `Type/id` of everything. */
  readonly references: readonly string[];
  /** Version ids by resource id. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  readonly instants: readonly string[];
  /** Ids of documents that were generated for the one who asks; more as they come. */
  readonly documents: string[];
  idsOf(type: string): readonly string[];
}

/** Gathers what is in several worlds, in an order that says nothing about which world it is in. */
export async function knowledgeOf(worlds: readonly PlayedWorld[]): Promise<Knowledge> {
  const types = new Map<string, string>();
  const versions = new Map<string, Set<string>>();
  for (const { store } of worlds) {
    for (const patient of PATIENTS.keys()) {
      const id = recordIdOf(patient);
      const newest = (await store.currentRecord(id))?.version ?? 0;
      for (let version = 1; version <= newest; version++) {
        const record = await store.recordVersion(id, version);
        for (const entry of record?.entries ?? []) {
          types.set(entry.id, entry.type);
          versions.set(entry.id, (versions.get(entry.id) ?? new Set()).add(entry.versionId));
        }
      }
    }
    for (const { id } of (await store.searchAudit({ limit: 1_000 })).entries) {
      types.set(id, 'AuditEvent');
    }
  }
  const allIds = [...types.keys()].sort();
  return {
    types: RECORD_TYPES,
    patientIds: [...PATIENTS.keys()].map(recordIdOf),
    nhsNumbers: PATIENTS,
    allIds,
    references: allIds.map((id) => `${types.get(id)}/${id}`),
    versions: new Map(allIds.map((id) => [id, [...(versions.get(id) ?? [])].sort()])),
    instants: Array.from({ length: SLOTS + 1 }, (_, each) =>
      new Date(momentOf(each)).toISOString(),
    ),
    documents: [],
    idsOf: (type) => allIds.filter((id) => types.get(id) === type),
  };
}
