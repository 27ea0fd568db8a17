import { ByteWriter } from './audit-bytes.ts';
import {
  ENTITY_AS_TEXT,
  ENTITY_IS_PATIENT,
  ENTITY_KINDS,
  ENTITY_OF_PATIENT,
  TYPES_MAX,
} from './audit-packed.ts';
import { areEntityParts } from './audit-parts.ts';

/** Entities as the packed form has them: their count and each of them, and the types they name. */
export interface ListedEntities {
  readonly bytes: Uint8Array;
  readonly types: readonly string[];
}

/** What follows the patient's id where most entries name a version: `Type/id/_history/version`. */
const BEHIND_PATIENT = /^(?:-([0-9a-f]{24}))?\/_history\/([0-9a-f]{16})$/;

const NOTHING = newList([], null);

/**
 * The entities of an entry about this patient, packed; null where the form does not hold them. The
 * same list, which is what a patient's record disclosed before, is packed once.
 */
export function listedEntities(
  entities: readonly string[],
  patient: string | null,
): ListedEntities | null {
  if (entities.length === 0) return NOTHING;
  const known = LISTED.get(entities);
  if (known?.patient === patient) return known.listed;
  const listed = areEntityParts(entities) ? newList(entities, patient) : null;
  LISTED.set(entities, { patient, listed });
  return listed;
}

interface Known {
  readonly patient: string | null;
  readonly listed: ListedEntities | null;
}

const LISTED = new WeakMap<readonly string[], Known>();

function newList(entities: readonly string[], patient: string | null): ListedEntities {
  const types = [...new Set(entities.map(typeOf))];
  const writer = new ByteWriter();
  writer.count(entities.length);
  for (const entity of entities) writeEntity(writer, entity, patient, types);
  return { bytes: writer.written(), types };
}

function typeOf(entity: string): string {
  const slash = entity.indexOf('/');
  return slash === -1 ? entity : entity.slice(0, slash);
}

function writeEntity(
  writer: ByteWriter,
  entity: string,
  patient: string | null,
  types: readonly string[],
): void {
  const type = typeOf(entity);
  const at = types.indexOf(type);
  const behind = behindPatient(entity, type, patient);
  if (behind === null || at >= TYPES_MAX) {
    writer.byte(ENTITY_AS_TEXT);
    writer.text(entity);
    return;
  }
  const [, own, version = ''] = behind;
  writer.byte(at * ENTITY_KINDS + (own === undefined ? ENTITY_IS_PATIENT : ENTITY_OF_PATIENT));
  if (own !== undefined) writer.digits(own);
  writer.digits(version);
}

function behindPatient(entity: string, type: string, patient: string | null): string[] | null {
  const from = type.length + 1;
  if (patient === null || !entity.startsWith(patient, from)) return null;
  return BEHIND_PATIENT.exec(entity.slice(from + patient.length));
}
