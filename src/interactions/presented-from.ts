import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { takenFrom } from '../domain/record/taken-from.ts';

/**
 * The entries that the presented form of an entry takes from. Only what the same view discloses is
 * among them, and an earlier version takes from none: what they say today may not be what it meant.
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
  const found = byId.get(entry.id) === entry ? takenFrom(entry, (id) => byId.get(id)) : NONE;
  sources.set(entry, found);
  return found;
}

const NONE: readonly DisclosedEntry[] = [];

type ById = ReadonlyMap<string, DisclosedEntry>;

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
