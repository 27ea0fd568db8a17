import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';

/**
 * The entries that the presented form of an entry takes from: of a MedicationStatement, the
 * Medications that it refers to, and the plan that says its kind where it does not itself. Only
 * what the same view discloses is among them, and an earlier version takes from none: what they say
 * today may not be what it meant.
 */
export function presentedFrom(
  view: DisclosedRecord,
  entry: DisclosedEntry,
): readonly DisclosedEntry[] {
  if (entry.stated === undefined || view.form === 'sent') return NONE;
  if (entry.type !== 'MedicationStatement') return NONE;
  const { byId, sources } = medicinesOf(view);
  const known = sources.get(entry);
  if (known !== undefined) return known;
  const found = byId.get(entry.id) === entry ? sourcesOf(entry, byId) : NONE;
  sources.set(entry, found);
  return found;
}

const NONE: readonly DisclosedEntry[] = [];

type ById = ReadonlyMap<string, DisclosedEntry>;

function sourcesOf({ refs, stated }: DisclosedEntry, byId: ById): readonly DisclosedEntry[] {
  const found: DisclosedEntry[] = [];
  for (const id of refs) {
    const target = byId.get(id);
    if (target?.type === 'Medication') found.push(target);
  }
  if (stated?.prescription !== 'unstated') return found;
  for (const id of stated.basedOn) {
    const target = byId.get(id);
    if (target?.plan === undefined || target.plan === 'unstated') continue;
    found.push(target);
    break;
  }
  return found;
}

/** What a view discloses of medicines, and what was found out of that. */
interface Medicines {
  readonly byId: ById;
  readonly sources: Map<DisclosedEntry, readonly DisclosedEntry[]>;
}

const MEDICINES = new WeakMap<DisclosedRecord, Medicines>();

function medicinesOf(view: DisclosedRecord): Medicines {
  const known = MEDICINES.get(view);
  if (known !== undefined) return known;
  const byId = new Map<string, DisclosedEntry>();
  for (const entry of view.entries) {
    if (MEDICINE_TYPES.includes(entry.type)) byId.set(entry.id, entry);
  }
  const medicines = { byId, sources: new Map() };
  MEDICINES.set(view, medicines);
  return medicines;
}

const MEDICINE_TYPES: readonly string[] = [
  'MedicationStatement',
  'Medication',
  'MedicationRequest',
];
