import { rangeOf } from '../../fhir/date-range.ts';
import { has, numberOf, type Rule, rule } from './rule.ts';

export const CONTACT_POINT: readonly Rule[] = [
  rule('cpt-2', 'A value needs its system.', (it) => !has(it, 'value') || has(it, 'system')),
];

export const ATTACHMENT: readonly Rule[] = [
  rule('att-1', 'Data needs its content type.', (it) => !has(it, 'data') || has(it, 'contentType')),
];

/**
 * Where the two are of different precision and may be the same time, FHIRPath gives no answer; the
 * rule then holds, since nothing shows that it is broken.
 */
export const PERIOD: readonly Rule[] = [
  rule('per-1', 'A period may not end before it starts.', ({ start, end }) => {
    if (typeof start !== 'string' || typeof end !== 'string') return true;
    // Written alike, they can be compared as they are: by far the most periods are.
    if (start.length === end.length && start.slice(19) === end.slice(19)) return start <= end;
    const [first, last] = [rangeOf(start), rangeOf(end)];
    return first === null || last === null || first.start <= last.end;
  }),
];

/** The invariants of Timing (http://hl7.org/fhir/R4/datatypes.html#Timing). */
export const TIMING_REPEAT: readonly Rule[] = [
  needs('tim-1', 'duration', 'durationUnit', 'A duration needs its unit.'),
  needs('tim-2', 'period', 'periodUnit', 'A period needs its unit.'),
  notNegative('tim-4', 'duration', 'A duration may not be negative.'),
  notNegative('tim-5', 'period', 'A period may not be negative.'),
  needs('tim-6', 'periodMax', 'period', 'A longest period needs a period.'),
  needs('tim-7', 'durationMax', 'duration', 'A longest duration needs a duration.'),
  needs('tim-8', 'countMax', 'count', 'A highest count needs a count.'),
  rule('tim-9', 'An offset needs an event that is no meal as such.', (it) => {
    if (!has(it, 'offset')) return true;
    const when: readonly unknown[] = Array.isArray(it.when) ? it.when : [];
    return has(it, 'when') && !when.some((each) => MEALS.includes(each as string));
  }),
  rule(
    'tim-10',
    'There may not be both times of day and events.',
    (it) => !has(it, 'timeOfDay') || !has(it, 'when'),
  ),
];

const MEALS = ['C', 'CM', 'CD', 'CV'];

function needs(key: string, name: string, other: string, words: string): Rule {
  return rule(key, words, (it) => !has(it, name) || has(it, other));
}

function notNegative(key: string, name: string, words: string): Rule {
  return rule(key, words, (it) => (numberOf(it[name]) ?? 0) >= 0);
}
