import { ByteWriter } from './audit-bytes.ts';
import {
  ENTITY_AS_TEXT,
  ENTITY_IS_PATIENT,
  ENTITY_KINDS,
  ENTITY_OF_PATIENT,
  OWN_ID_BYTES,
  TYPES_MAX,
  VERSION_BYTES,
} from './audit-packed.ts';
import { areEntityParts } from './audit-parts.ts';

/** Entities as the packed form has them: their count and each of them, and the types they name. */
export interface ListedEntities {
  readonly bytes: Uint8Array;
  readonly types: readonly string[];
}

/** What follows the patient's id where most entries name a version: `Type/id/_history/version`. */
const HISTORY = '/_history/';
const OWN_ID_CHARACTERS = OWN_ID_BYTES * 2;
/** A version of the patient's own resource; and of another one of the record, after a dash. */
const OF_PATIENT_CHARACTERS = HISTORY.length + VERSION_BYTES * 2;
const OF_RECORD_CHARACTERS = 1 + OWN_ID_CHARACTERS + OF_PATIENT_CHARACTERS;

/**
 * The entities of an entry about this patient, packed; null where the form does not hold them. The
 * same list, which is what a patient's record disclosed before, is packed once.
 */
export function listedEntities(
  entities: readonly string[],
  patient: string | null,
): ListedEntities | null {
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
  const types: string[] = [];
  // All at once: single characters of a text that was put together are read slowly.
  const ascii = asciiOf(entities.join(''));
  let end = 0;
  WRITER.begin();
  WRITER.count(entities.length);
  for (const entity of entities) {
    end += entity.length;
    const type = typeOf(entity);
    const place = placeIn(types, type);
    const version = versionIn(entity, type.length + 1, patient);
    if (version === null || place >= TYPES_MAX || !isWritten(place, version, ascii, end)) {
      WRITER.byte(ENTITY_AS_TEXT);
      WRITER.text(entity);
    }
  }
  return { bytes: WRITER.writtenToKeep(), types };
}

const WRITER = new ByteWriter();

/** A text as bytes; none where it is more than ASCII. */
function asciiOf(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  return bytes.length === text.length ? bytes : new Uint8Array();
}

function typeOf(entity: string): string {
  const slash = entity.indexOf('/');
  return slash === -1 ? entity : entity.slice(0, slash);
}

/** The place of a type among those that were named; it is named from now on. */
function placeIn(types: string[], type: string): number {
  const place = types.indexOf(type);
  return place === -1 ? types.push(type) - 1 : place;
}

/** Whose version in the patient's record an entity may be, by its parts; null where it is none. */
function versionIn(entity: string, idAt: number, patient: string | null): Version | null {
  if (patient === null || !entity.startsWith(patient, idAt)) return null;
  if (!entity.startsWith(HISTORY, entity.length - OF_PATIENT_CHARACTERS)) return null;
  const behind = entity.length - idAt - patient.length;
  if (behind === OF_PATIENT_CHARACTERS) return ENTITY_IS_PATIENT;
  const hasOwnId = behind === OF_RECORD_CHARACTERS && entity.at(-OF_RECORD_CHARACTERS) === '-';
  return hasOwnId ? ENTITY_OF_PATIENT : null;
}

type Version = typeof ENTITY_IS_PATIENT | typeof ENTITY_OF_PATIENT;

/** Writes the digits of an entity that ends here; false, and nothing, where they are none. */
function isWritten(type: number, version: Version, ascii: Uint8Array, end: number): boolean {
  const begun = WRITER.place();
  WRITER.byte(type * ENTITY_KINDS + version);
  const history = end - OF_PATIENT_CHARACTERS;
  const isDigits =
    (version === ENTITY_IS_PATIENT ||
      WRITER.digitsIn(ascii, history - OWN_ID_CHARACTERS, history)) &&
    WRITER.digitsIn(ascii, history + HISTORY.length, end);
  if (!isDigits) WRITER.goBack(begun);
  return isDigits;
}
