import { isObject, isRawNumber, type JsonObject } from '../../fhir/json.ts';
import { has, numberOf, type Rule, rule } from './rule.ts';

const UCUM = 'http://unitsofmeasure.org';

const CODE_HAS_SYSTEM = rule(
  'qty-3',
  'The code of a unit needs its system.',
  (it) => !has(it, 'code') || has(it, 'system'),
);

const codedIfValued = (it: JsonObject): boolean => has(it, 'code') || !has(it, 'value');
const ucumIfAny = (it: JsonObject): boolean => !has(it, 'system') || it.system === UCUM;

/** The invariants of Quantity and its kinds (http://hl7.org/fhir/R4/datatypes.html#Quantity). */
export const QUANTITY: readonly Rule[] = [CODE_HAS_SYSTEM];

export const SIMPLE_QUANTITY: readonly Rule[] = [
  CODE_HAS_SYSTEM,
  rule('sqty-1', 'There may be no comparator here.', (it) => !has(it, 'comparator')),
];

export const AGE: readonly Rule[] = [
  CODE_HAS_SYSTEM,
  rule('age-1', 'An age is positive, and has a code of UCUM.', (it) => {
    const value = numberOf(it.value);
    return codedIfValued(it) && ucumIfAny(it) && (value === null || value > 0);
  }),
];

export const DURATION: readonly Rule[] = [
  CODE_HAS_SYSTEM,
  rule(
    'drt-1',
    'A duration with a code has a value, and the code is of UCUM.',
    (it) => !has(it, 'code') || (it.system === UCUM && has(it, 'value')),
  ),
];

export const DISTANCE: readonly Rule[] = [
  CODE_HAS_SYSTEM,
  rule('dis-1', 'A distance has a code of UCUM.', (it) => codedIfValued(it) && ucumIfAny(it)),
];

export const COUNT: readonly Rule[] = [
  CODE_HAS_SYSTEM,
  rule('cnt-3', 'A count is a whole number, and its code is 1 of UCUM.', (it) => {
    const text = isRawNumber(it.value) ? it.value.rawJSON : String(it.value ?? '');
    const one = !has(it, 'code') || it.code === '1';
    return codedIfValued(it) && ucumIfAny(it) && one && !text.includes('.');
  }),
];

/** Quantities are compared in one unit only: in others nothing shows that the rule is broken. */
export const RANGE: readonly Rule[] = [
  rule('rng-2', 'The low of a range may not be above its high.', ({ low, high }) => {
    if (!isObject(low) || !isObject(high)) return true;
    if (low.system !== high.system || low.code !== high.code || low.unit !== high.unit) return true;
    const [least, most] = [numberOf(low.value), numberOf(high.value)];
    return least === null || most === null || least <= most;
  }),
];

export const RATIO: readonly Rule[] = [
  rule(
    'rat-1',
    'Numerator and denominator are both there, or neither; then there is an extension.',
    (it) =>
      has(it, 'numerator') === has(it, 'denominator') &&
      (has(it, 'numerator') || has(it, 'extension')),
  ),
];
