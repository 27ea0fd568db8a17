import { objectAt, objectsAt, textAt } from '../fhir/elements.ts';
import { isObject, isRawNumber, type Json, type JsonObject } from '../fhir/json.ts';
import { wordsOf } from './stated-text.ts';

/**
 * A Dosage in words (http://hl7.org/fhir/R4/dosage.html), made of what it states and of nothing
 * else. Null where any part of it is one that this does not put into words: half a dosage would be
 * worse than none.
 */
export function dosageText(dosage: JsonObject): string | null {
  if (!hasOnly(dosage, ['timing', 'asNeededBoolean', 'route', 'method', 'doseAndRate']))
    return null;
  const parts = [
    partOf(dosage, 'method', wordsOf),
    partOf(dosage, 'doseAndRate', doseText),
    partOf(dosage, 'timing', timingText),
    asNeededText(dosage.asNeededBoolean),
    partOf(dosage, 'route', wordsOf),
  ];
  if (parts.includes(null)) return null;
  const text = parts.filter((part) => part !== '').join(', ');
  return text === '' ? null : text;
}

/** Null: it cannot be put into words. Empty: there is nothing to say. */
type Part = string | null;

function partOf(dosage: JsonObject, name: string, words: (value: JsonObject) => Part): Part {
  const value = dosage[name];
  if (value === undefined) return '';
  const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isObject(single) ? words(single) : null;
}

function doseText(dose: JsonObject): Part {
  const quantity = objectAt(dose, 'doseQuantity');
  if (quantity === null || !hasOnly(dose, ['doseQuantity'])) return null;
  if (!hasOnly(quantity, ['value', 'unit', 'system', 'code'])) return null;
  const value = numberText(quantity.value);
  const unit = textAt(quantity, 'unit');
  return value === null || unit === null ? null : `${value} ${unit}`;
}

function timingText(timing: JsonObject): Part {
  const repeat = objectAt(timing, 'repeat');
  const code = objectAt(timing, 'code');
  // A code may say the same as the structure beside it, or more.
  if (repeat === null) return code !== null && hasOnly(timing, ['code']) ? wordsOf(code) : null;
  if (!hasOnly(timing, ['repeat'])) return null;
  if (!hasOnly(repeat, ['frequency', 'period', 'periodUnit'])) return null;
  const unit = UNITS[textAt(repeat, 'periodUnit') ?? ''];
  const frequency = numberText(repeat.frequency ?? 1);
  const period = numberText(repeat.period);
  if (unit === undefined || frequency === null || period === null) return null;
  const times = frequency === '1' ? 'once' : `${frequency} times`;
  return period === '1' ? `${times} every ${unit}` : `${times} every ${period} ${unit}s`;
}

/** http://hl7.org/fhir/R4/valueset-units-of-time.html */
const UNITS: Readonly<Record<string, string>> = {
  s: 'second',
  min: 'minute',
  h: 'hour',
  d: 'day',
  wk: 'week',
  mo: 'month',
  a: 'year',
};

function asNeededText(value: Json | undefined): Part {
  if (value === undefined || value === false) return '';
  return value === true ? 'as needed' : null;
}

/** A number as it was written. */
function numberText(value: Json | undefined): string | null {
  if (isRawNumber(value)) return value.rawJSON;
  return typeof value === 'number' ? String(value) : null;
}

function hasOnly(value: JsonObject, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name) || value[name] === undefined);
}

/** A MedicationStatement's dosages, where the only one has no text and can be put into words. */
export function withDosageText(statement: JsonObject): JsonObject {
  const [dosage, ...others] = objectsAt(statement, 'dosage');
  // Several follow one another, or depend on each other: each by itself would say too little.
  if (dosage === undefined || others.length > 0) return statement;
  const text = dosageText(dosage);
  return text === null ? statement : { ...statement, dosage: [{ text, ...dosage }] };
}
