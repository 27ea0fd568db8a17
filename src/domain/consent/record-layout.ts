import { type RecordType, sectionOf } from '../fhir/resource-types.ts';
import { keptPer } from '../kept-per.ts';
import type { Entry } from '../record/care-record.ts';
import type { Choice } from '../record/choice.ts';

/**
 * What of a record's entries depends neither on who asks nor on when. Places are indexes into the
 * entries.
 */
export interface RecordLayout {
  /** The Patient, withdrawn or not. */
  readonly patient: Entry | undefined;
  /** Whether any entry carries a label. */
  readonly labelled: boolean;
  /** Places of all entries in the order in which they are disclosed. */
  readonly order: readonly number[];
  /** Places of entries by their type. */
  readonly places: ReadonlyMap<RecordType, readonly number[]>;
  /** Places of supporting resources, those of a type together. */
  readonly supporting: readonly number[];
  /** Places of Provenances. */
  readonly provenances: readonly number[];
  /**
   * For each place, those of the supporting resources that the entry there refers to; nothing where
   * there are none.
   */
  readonly links: readonly (readonly number[])[];
}

/** What the Consents of a record say. */
export interface RecordedChoices {
  /** The choices of the Consents that stand. */
  readonly choices: readonly Choice[];
  /** Whether a Consent that stands could not be read. */
  readonly unreadable: boolean;
}

/**
 * The layout of the entries of one version of a record. That never changes, so this is worked out
 * once for each and a decision on a long record need not sort it again.
 */
export const layoutOf = keptPer(worked);

/**
 * What the Consents among the entries of one version of a record say. Apart from the layout, of
 * which a write, which asks for the choices too, needs nothing.
 */
export const recordedChoices = keptPer((entries: readonly Entry[]): RecordedChoices => {
  const consents = entries.filter((entry) => entry.type === 'Consent' && !entry.withdrawn);
  return {
    choices: consents.map((entry) => entry.choice).filter((choice) => choice !== undefined),
    unreadable: consents.some((entry) => entry.choice === undefined),
  };
});

function worked(entries: readonly Entry[]): RecordLayout {
  const byType = placesByType(entries);
  const supporting = supportingAmong(byType);
  const [patient] = byType.get('Patient') ?? NONE;
  return {
    patient: patient === undefined ? patient : entries[patient],
    labelled: entries.some(({ labels }) => labels.length > 0),
    order: [...entries.keys()].sort((one, other) => byLastChange(entries[one], entries[other])),
    places: byType,
    supporting,
    provenances: byType.get('Provenance') ?? NONE,
    links: supporting.length === 0 ? [] : linksTo(supporting, entries),
  };
}

function placesByType(entries: readonly Entry[]): RecordLayout['places'] {
  const byType = new Map<RecordType, number[]>();
  for (const [place, { type }] of entries.entries()) {
    const places = byType.get(type);
    if (places === undefined) byType.set(type, [place]);
    else places.push(place);
  }
  return byType;
}

function supportingAmong(byType: RecordLayout['places']): readonly number[] {
  const supporting: number[] = [];
  for (const [type, places] of byType) {
    if (sectionOf(type) === 'supporting') supporting.push(...places);
  }
  return supporting;
}

/**
 * An order that comes from what is disclosed alone: that in which entries came into the record
 * would tell of versions that are hidden.
 */
function byLastChange(one: Entry | undefined, other: Entry | undefined): number {
  if (one === undefined || other === undefined) return 0;
  if (one.lastUpdated !== other.lastUpdated) return one.lastUpdated < other.lastUpdated ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

function linksTo(supporting: readonly number[], entries: readonly Entry[]): RecordLayout['links'] {
  const placeOf = new Map(supporting.map((place) => [entries[place]?.id, place]));
  return entries.map(({ refs }) => {
    const links = refs.map((id) => placeOf.get(id)).filter((place) => place !== undefined);
    return links.length === 0 ? NONE : links;
  });
}

const NONE: readonly number[] = [];
