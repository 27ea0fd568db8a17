import type { Entry } from './care-record.ts';

/**
 * The entries that the presented form of an entry takes from, in order: of a MedicationStatement,
 * the Medications that it refers to, and the plan that says its kind where it does not itself.
 * `find` gives those that may be taken from; what it does not give is left out.
 */
export function takenFrom<E extends Entry>(
  { type, refs, stated }: E,
  find: (id: string) => E | undefined,
): readonly E[] {
  if (stated === undefined || type !== 'MedicationStatement') return [];
  const found: E[] = [];
  for (const id of refs) {
    const target = find(id);
    if (target?.type === 'Medication') found.push(target);
  }
  if (stated.prescription !== 'unstated') return found;
  for (const id of stated.basedOn) {
    const target = find(id);
    if (target?.plan === undefined || target.plan === 'unstated') continue;
    found.push(target);
    break;
  }
  return found;
}
