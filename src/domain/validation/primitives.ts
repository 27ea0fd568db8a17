import { isRawNumber } from '../fhir/json.ts';
import { checkDate, checkDateTime, checkInstant, checkTime } from './dates.ts';
import { type Fault, wrongShape, wrongValue } from './fault.ts';
import { checkNarrative } from './narrative.ts';
import {
  checkBase64,
  checkCode,
  checkId,
  checkOid,
  checkText,
  checkUri,
  checkUuid,
} from './texts.ts';

/** Says what is wrong with a value as one of a primitive type; null when nothing is. */
export type PrimitiveCheck = (value: unknown) => Fault | null;

const INTEGER_MAX = 2_147_483_647;

const NOT_BOOLEAN = wrongShape('true or false is expected here.');
const NOT_DECIMAL = wrongShape('A number is expected here.');

/**
 * The checks of R4's primitive types (http://hl7.org/fhir/R4/datatypes.html), written by hand: some
 * of the patterns in the StructureDefinitions take exponential time on hostile input.
 */
export const PRIMITIVES: Readonly<Record<string, PrimitiveCheck>> = {
  base64Binary: checkBase64,
  boolean: (value) => (typeof value === 'boolean' ? null : NOT_BOOLEAN),
  canonical: checkUri,
  code: checkCode,
  date: checkDate,
  dateTime: checkDateTime,
  decimal: (value) => (typeof value === 'number' || isRawNumber(value) ? null : NOT_DECIMAL),
  id: checkId,
  instant: checkInstant,
  integer: wholeNumber('integer', -INTEGER_MAX - 1),
  markdown: checkText,
  oid: checkOid,
  positiveInt: wholeNumber('positiveInt', 1),
  string: checkText,
  time: checkTime,
  unsignedInt: wholeNumber('unsignedInt', 0),
  uri: checkUri,
  url: checkUri,
  uuid: checkUuid,
  xhtml: checkNarrative,
};

/** A number such as `1.0` or `1e2` is read as raw text, and is none of R4's integers. */
function wholeNumber(rule: string, min: number): PrimitiveCheck {
  const kind = wrongShape('A whole number is expected here.');
  const range = wrongValue(rule, `A whole number from ${min} to ${INTEGER_MAX} is expected.`);
  return (value) => {
    if (typeof value !== 'number' && !isRawNumber(value)) return kind;
    return Number.isInteger(value) && (value as number) >= min && (value as number) <= INTEGER_MAX
      ? null
      : range;
  };
}
