import type { Entry, StatedFacts } from './care-record.ts';
import type { Prescription } from './medication-facts.ts';

/**
 * Works out, for every entry of a record, what it has from the entries that it refers to: the codes
 * of a Medication, and the kind of medication that a plan gives a statement. They may have been
 * written long before or after it. A withdrawn one counts as it last was: by withdrawing a
 * Medication nothing sensitive comes to light. Entries to which that makes no difference stay as
 * they are.
 */
export function linkFacts(entries: readonly Entry[]): readonly Entry[] {
  if (entries.every((entry) => entry.stated === undefined)) return entries;
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return entries.map((entry) => {
    const { stated } = entry;
    return stated === undefined || entry.withdrawn ? entry : linked(entry, stated, byId);
  });
}

function linked(entry: Entry, stated: StatedFacts, byId: ReadonlyMap<string, Entry>): Entry {
  const medications = entry.refs
    .map((id) => byId.get(id))
    .filter((target) => target?.type === 'Medication');
  const codes = [...stated.codes, ...medications.flatMap(codesStatedBy)];
  const { medication } = entry;
  return {
    ...entry,
    codes: [...new Set(codes)],
    ...(medication && { medication: { ...medication, prescription: prescribed(stated, byId) } }),
  };
}

function codesStatedBy(entry: Entry | undefined): readonly string[] {
  return entry?.stated?.codes ?? entry?.codes ?? [];
}

/** The plan says it first: a statement only repeats what was planned. */
function prescribed(stated: StatedFacts, byId: ReadonlyMap<string, Entry>): Prescription {
  const plans = stated.basedOn.map((id) => byId.get(id)?.plan ?? 'unstated');
  return [...plans, stated.prescription].find((each) => each !== 'unstated') ?? 'unstated';
}
