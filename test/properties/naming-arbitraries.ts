import fc from 'fast-check';
import { parametersOf, revincludesOf } from '../../src/domain/search/parameters.ts';
import { isSearchType, type SearchType } from '../../src/domain/search/search-types.ts';
import type { Vocabulary } from '../domain/search/asked.ts';
import type { Asked } from '../domain/search/naive.ts';
import { pick } from '../domain/search/vocabulary.ts';
import { NHS } from '../support/bundles.ts';
import { BASE_URL } from '../support/context.ts';
import { ENTRY_TYPES_SENT, NUMBERS } from './sent-records.ts';

/** Stands for the NHS number of the record's patient. */
export const NUMBER_OF_PATIENT = '@nhs';

/** The types that are searched. */
export const TYPES: readonly SearchType[] = ['Patient', ...ENTRY_TYPES_SENT].filter(isSearchType);
const REFERENCES = [
  'Patient/p1',
  ...ENTRY_TYPES_SENT.flatMap((type) => NUMBERS.map((number) => `${type}/${type}-${number}`)),
];
const REFERENCED = REFERENCES.filter((each) => /(?:p1|-0|-1)$/.test(each));
/** What the records have to be asked for, as their source names it. */
export const WORDS: Vocabulary = {
  // Those that others refer to more often.
  references: [...REFERENCES, ...REFERENCED, ...REFERENCED],
  moments: ['2026', '2026-03-02', '2026-03-03', '2026-03-03T12:00:00Z', '2026-03-04'],
};

/** The ways to say whose record is searched by a search of a type. */
export function namingOf(type: SearchType): fc.Arbitrary<Asked> {
  switch (type) {
    case 'Patient':
      return pick<Asked>([
        ['_id', 'p1'],
        ['identifier', NUMBER],
      ]);
    case 'Provenance':
      return fc.oneof(byTarget, pick(TO_PATIENT));
    default: {
      const named = namesOf(type).flatMap(byPatient);
      if (named.length === 0) return fc.oneof(pick(byReferring(type)), byIds(type));
      return fc.oneof({ weight: 6, arbitrary: pick(named) }, { weight: 1, arbitrary: byIds(type) });
    }
  }
}

const NUMBER = `${NHS}|${NUMBER_OF_PATIENT}`;

/** The parameters of a type that lead to the patient. */
function namesOf(type: SearchType): readonly string[] {
  const names = parametersOf(type).map(({ name }) => name);
  return names.filter((name) => name === 'patient' || name === 'subject');
}

function byPatient(name: string): readonly Asked[] {
  return [
    [name, 'p1'],
    [name, 'Patient/p1'],
    [name, `${BASE_URL}/Patient/p1`],
    [`${name}:Patient`, 'p1'],
    [`${name}.identifier`, NUMBER],
    [`${name}:identifier`, NUMBER],
  ];
}

function byIds(type: SearchType): fc.Arbitrary<Asked> {
  const ids = REFERENCES.filter((each) => each.startsWith(`${type}/`));
  return fc
    .subarray(ids, { minLength: 1 })
    .map((some) => ['_id', some.map((each) => each.split('/')[1]).join(',')]);
}

const byTarget = fc
  .subarray(REFERENCES, { minLength: 1 })
  .map((all): Asked => ['target', all.join(',')]);
const TO_PATIENT: readonly Asked[] = [
  ['target.patient', 'p1'],
  ['target:Condition.subject', 'Patient/p1'],
  ['patient', 'p1'],
];

/** By the entries of the patient that refer to what is searched. */
function byReferring(type: SearchType): readonly Asked[] {
  return revincludesOf(type)
    .filter((each) => {
      const [source = ''] = each.split(':');
      const isEntry = isSearchType(source) && source !== 'Provenance' && source !== 'AuditEvent';
      return isEntry && namesOf(source).includes('patient');
    })
    .map((each) => [`_has:${each}:patient`, 'p1']);
}
