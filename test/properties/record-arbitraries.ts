import fc from 'fast-check';
import {
  CANONICALS,
  choice,
  coding,
  concept,
  date,
  few,
  identifier,
  name,
  pick,
  SYSTEMS,
} from '../domain/search/vocabulary.ts';
import { SOURCE } from '../support/writing.ts';
import { ADDITIONAL, CORE } from './clinical-arbitraries.ts';
import { address, DAYS, joined, most, PATIENT, type To, telecom } from './element-arbitraries.ts';
import { SUPPORTING, TELLING } from './supporting-arbitraries.ts';

/** An entry as its source sends it: valid R4. */
export interface SentEntry {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}

/** The types that are generated. */
export const GENERATED: readonly string[] = Object.keys({
  ...CORE,
  ...ADDITIONAL,
  ...SUPPORTING,
  ...TELLING,
});
const CONTENT = { ...CORE, ...ADDITIONAL, ...SUPPORTING, ...TELLING };

/** The element that says who an entry is about, by its type. */
const WHOSE: Readonly<Record<string, 'subject' | 'patient'>> = {
  ...{ MedicationStatement: 'subject', MedicationRequest: 'subject', Condition: 'subject' },
  ...{ Observation: 'subject', Procedure: 'subject', DocumentReference: 'subject' },
  ...{ AllergyIntolerance: 'patient', Immunization: 'patient' },
};

/** The label of a private entry, which a clinician does not see. */
const PRIVATE = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
  code: 'R',
};

const meta = most({
  tag: few(coding),
  security: few(
    fc.oneof({ weight: 9, arbitrary: coding }, { weight: 1, arbitrary: fc.constant(PRIVATE) }),
  ),
  source: pick(SYSTEMS),
  profile: few(pick(CANONICALS)),
});

/** What an entry may have whatever its type. */
const additions = fc.record({
  meta: fc.option(meta, { nil: undefined }),
  identifiers: fc.option(few(identifier), { nil: [] }),
  /** What the reference to its patient says beside. */
  logical: fc.option(identifier, { nil: undefined }),
});

/** Entries of every type that can be generated, under these numbers, referring to one another. */
export function entriesNumbered(numbers: readonly number[]): fc.Arbitrary<SentEntry[]> {
  const to: To = (...types) => pick(types.flatMap((type) => referencesTo(type, numbers)));
  const all = Object.entries(CONTENT).flatMap(([type, contentFor]) =>
    numbers.map((number) =>
      fc
        .tuple(contentFor(to), additions)
        .map(([content, more]) => entryOf(type, number, content, more)),
    ),
  );
  return fc.tuple(...all);
}

/** A few of the entries are referred to by all others, so that they are often asked for. */
function referencesTo(type: string, numbers: readonly number[]): readonly object[] {
  if (type === 'Patient') return [PATIENT];
  return numbers.slice(0, 2).map((number) => ({ reference: `${type}/${type}-${number}` }));
}

type Additions = typeof additions extends fc.Arbitrary<infer T> ? T : never;

function entryOf(
  type: string,
  number: number,
  content: object,
  { meta, identifiers, logical }: Additions,
): SentEntry {
  const whose = WHOSE[type];
  const own = { system: SOURCE, value: `${number}.${type}` };
  return mended({
    ...{ resourceType: type, id: `${type}-${number}`, meta },
    // A Provenance has none: it is known by its id.
    ...(type !== 'Provenance' && { identifier: [own, ...identifiers] }),
    ...content,
    ...(whose !== undefined && { [whose]: { ...PATIENT, identifier: logical } }),
  }) as SentEntry;
}

/** Without what is empty, periods that end before they start, and units of no system. */
function mended(value: unknown): unknown {
  if (Array.isArray(value)) {
    const all = value.map(mended).filter((each) => each !== undefined);
    return all.length === 0 ? undefined : all;
  }
  if (typeof value !== 'object' || value === null) return value;
  const all = Object.entries(value).map(([name, each]) => [name, mended(each)] as const);
  const { start, end, code, system, ...rest } = Object.fromEntries(
    all.filter(([, each]) => each !== undefined),
  );
  const isLate = Date.parse(String(start)) > Date.parse(String(end));
  const isUnit = 'value' in rest && system === undefined;
  const parts = {
    ...{ ...(system !== undefined && { system }), ...rest },
    ...{ ...(start !== undefined && { start }), ...(end !== undefined && !isLate && { end }) },
    ...(code !== undefined && !isUnit && { code }),
  };
  return Object.keys(parts).length === 0 ? undefined : parts;
}

/** What a Patient says beside who they are; `others` are further identifiers. */
export const demographics: fc.Arbitrary<{ readonly others?: readonly object[] }> = joined(
  most({
    ...{ name: few(name), gender: pick(['male', 'female']), birthDate: pick(DAYS) },
    ...{ address, telecom, active: fc.boolean() },
    communication: few(fc.record({ language: concept })),
    others: few(identifier),
  }),
  choice({ deceasedBoolean: fc.boolean(), deceasedDateTime: date }),
).map((each) => mended(each) ?? {});
