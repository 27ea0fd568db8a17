import { describe, expect, it } from 'vitest';
import type { Entry, StatedFacts } from '../../../src/domain/record/care-record.ts';
import { linkFacts } from '../../../src/domain/record/link-facts.ts';
import { medicationFacts } from '../../../src/domain/record/medication-facts.ts';
import { anEntry } from '../../support/records.ts';

const MEDICATION = anEntry(1, { type: 'Medication', codes: ['s|secret'] });
const plan = (n: number, says: 'acute' | 'repeat' | 'unstated'): Entry =>
  anEntry(n, { type: 'MedicationRequest', codes: [], plan: says });

function statement(stated: Partial<StatedFacts>, refs: readonly Entry[]): Entry {
  return anEntry(9, {
    type: 'MedicationStatement',
    codes: ['s|stale'],
    refs: refs.map((each) => each.id),
    medication: medicationFacts({}),
    stated: {
      codes: ['s|own'],
      prescription: 'unstated',
      basedOn: refs.filter((each) => each.plan !== undefined).map((each) => each.id),
      ...stated,
    },
  });
}

const linked = (entry: Entry, ...others: readonly Entry[]): Entry | undefined =>
  linkFacts([entry, ...others]).find((each) => each.id === entry.id);

describe('what an entry has from those that it refers to', () => {
  it('is the codes of a Medication, one that was withdrawn included', () => {
    const entry = statement({}, [MEDICATION]);
    expect(linked(entry, MEDICATION)?.codes).toEqual(['s|own', 's|secret']);
    const withdrawn = { ...MEDICATION, withdrawn: true };
    expect(linked(entry, withdrawn)?.codes).toEqual(['s|own', 's|secret']);
    expect(linked(entry)?.codes).toEqual(['s|own']);
  });

  it('comes from the plan first, from the statement only where the plans say nothing', () => {
    const kind = (own: StatedFacts['prescription'], ...plans: readonly Entry[]) =>
      linked(statement({ prescription: own }, plans), ...plans)?.medication?.prescription;
    expect(kind('acute', plan(1, 'repeat'))).toBe('repeat');
    expect(kind('repeat', plan(1, 'acute'))).toBe('acute');
    expect(kind('acute', plan(1, 'unstated'))).toBe('acute');
    expect(kind('unstated', plan(1, 'unstated'), plan(2, 'repeat'))).toBe('repeat');
    expect(kind('unstated', plan(1, 'acute'), plan(2, 'repeat'))).toBe('acute');
    expect(kind('unstated')).toBe('unstated');
  });

  it('is not worked out anew for what was withdrawn, or refers to nothing of the kind', () => {
    const gone = { ...statement({}, [MEDICATION]), withdrawn: true };
    expect(linked(gone, MEDICATION)).toBe(gone);
    const alone = anEntry(3, { refs: [MEDICATION.id] });
    expect(linked(alone, MEDICATION)).toBe(alone);
  });
});
