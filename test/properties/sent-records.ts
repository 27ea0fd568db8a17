import fc from 'fast-check';
import { pick } from '../domain/search/vocabulary.ts';
import { aBundle, aConsent, aPatient } from '../support/bundles.ts';
import { SOURCE } from '../support/writing.ts';
import { demographics, entriesNumbered, GENERATED, type SentEntry } from './record-arbitraries.ts';

/** The types that a generated record has, beside its Patient. */
export const ENTRY_TYPES_SENT: readonly string[] = [...GENERATED, 'Consent'];

/** The numbers of the entries of each type: those of the practice, and those of another service. */
const PRACTICE = [0, 1, 2, 3];
const SERVICE = [4];
export const NUMBERS = [...PRACTICE, ...SERVICE];

/** What two organisations know of one patient, as they send it. */
export interface SentRecord {
  readonly patient: { readonly others?: readonly object[] };
  readonly practice: readonly SentEntry[];
  readonly service: readonly SentEntry[];
}

const consent = (number: number): fc.Arbitrary<SentEntry> =>
  fc
    .record({
      policy: pick(['sharing-out', 'secondary-use', 'scr-core-and-additional']),
      day: pick(['2026-02-01', '2026-02', '2026-02-02T10:00:00Z']),
      status: pick(['active', 'inactive']),
      start: pick(['2026-01-01', '2026-02']),
    })
    .map(({ policy, day, status, start }) => {
      const provision = { type: 'permit', period: { start } };
      return aConsent('p1', policy, 'permit', 'A81001', {
        ...{ id: `Consent-${number}`, dateTime: day, status, provision },
        identifier: [{ system: SOURCE, value: `${number}.Consent` }],
      }) as SentEntry;
    });

/** Records of some entries of each type. */
export const sentRecord: fc.Arbitrary<SentRecord> = fc.record({
  patient: demographics,
  practice: fc
    .tuple(entriesNumbered(PRACTICE), ...PRACTICE.map(consent))
    .map(([entries, ...consents]) => [...entries, ...consents]),
  service: entriesNumbered(SERVICE),
});

/** The extract of an organisation, with some entries as they are and others changed later. */
export function bundleOf(
  nhsNumber: string,
  { others = [], ...patient }: SentRecord['patient'],
  entries: readonly SentEntry[],
  isLater: boolean,
): object {
  const { identifier, ...rest } = aPatient(nhsNumber, 'A81001', patient) as {
    readonly identifier: readonly object[];
  };
  const changed = entries.map((each) =>
    isLater && each.id.endsWith('-1') ? { ...each, language: 'en' } : each,
  );
  return aBundle([{ ...rest, identifier: [...identifier, ...others] }, ...changed]);
}
