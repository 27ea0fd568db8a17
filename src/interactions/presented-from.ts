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
  const { stated } = entry;
  if (stated === undefined || view.form === 'sent' || entry.type !== 'MedicationStatement') {
    return NONE;
  }
  const byId = medicinesOf(view);
  if (byId.get(entry.id) !== entry) return NONE;
  const plans = stated.prescription === 'unstated' ? stated.basedOn : [];
  return [
    ...disclosedOf(entry.refs, byId).filter(({ type }) => type === 'Medication'),
    ...disclosedOf(plans, byId)
      .filter(({ plan = 'unstated' }) => plan !== 'unstated')
      .slice(0, 1),
  ];
}

const NONE: readonly DisclosedEntry[] = [];

function disclosedOf(
  ids: readonly string[],
  byId: ReadonlyMap<string, DisclosedEntry>,
): readonly DisclosedEntry[] {
  return ids.map((id) => byId.get(id)).filter((each) => each !== undefined);
}

const MEDICINES = new WeakMap<DisclosedRecord, ReadonlyMap<string, DisclosedEntry>>();

/** What a view discloses of medicines, by id. */
function medicinesOf(view: DisclosedRecord): ReadonlyMap<string, DisclosedEntry> {
  const known = MEDICINES.get(view);
  if (known !== undefined) return known;
  const medicines = new Map(
    view.entries
      .filter(({ type }) => type.startsWith('Medication'))
      .map((entry) => [entry.id, entry]),
  );
  MEDICINES.set(view, medicines);
  return medicines;
}
