import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../src/domain/fhir/json.ts';
import {
  applyEdits,
  type EditSituation,
  type EditsMade,
} from '../../../../src/domain/gp/edits/apply-edits.ts';
import { readTransaction } from '../../../../src/domain/gp/edits/read-transaction.ts';
import { whoseRecord } from '../../../../src/domain/gp/edits/whose-record.ts';
import type { CareRecord, Entry } from '../../../../src/domain/record/care-record.ts';
import type { Result } from '../../../../src/domain/result.ts';
import { type Entry as BundleEntry, bundle, posting } from '../../../support/bundle-entries.ts';
import { aBundle, anAllergy, aPatient, aStatement } from '../../../support/bundles.ts';
import { BASE_URL } from '../../../support/context.ts';
import { entryOf, makingAt, NAMING, NOW, taken } from '../making.ts';

const NUMBER = '9990000018';
const READING = { naming: { baseUrl: BASE_URL, recordId: NAMING.recordId }, now: NOW };
const PATIENT = aPatient(NUMBER, 'A81001');
const PLAN = {
  resourceType: 'MedicationRequest',
  id: 'plan',
  identifier: [{ system: 'https://source.test/id', value: 'plan' }],
  status: 'active',
  intent: 'plan',
  subject: { reference: 'Patient/p1' },
  medicationReference: { reference: 'Medication/m' },
  courseOfTherapyType: { coding: [{ code: 'acute' }] },
};
const MEDICATION = {
  resourceType: 'Medication',
  id: 'm',
  identifier: [{ system: 'https://source.test/id', value: 'm' }],
  code: { coding: [{ system: 'http://snomed.info/sct', code: 'secret' }] },
};
const STATEMENT = aStatement('1', {
  medicationCodeableConcept: undefined,
  medicationReference: { reference: 'Medication/m' },
  basedOn: [{ reference: 'MedicationRequest/plan' }],
});
const ALL = [PATIENT, STATEMENT, PLAN, MEDICATION, anAllergy('2')];

let count = 0;

/** What the entries of a transaction make of a record, whose own texts it can read. */
function attempt(
  current: CareRecord | null,
  entries: readonly BundleEntry[],
  changes: Partial<EditSituation> & { by?: string; stored?: Map<string, JsonObject> } = {},
): Result<EditsMade> {
  const body = JSON.parse(JSON.stringify(bundle('transaction', entries))) as Json;
  const read = readTransaction(body as JsonObject, { ...READING, freshId: () => `f${++count}` });
  if (!read.ok) return read;
  const whose = whoseRecord(read.value.edits, READING);
  if (!whose.ok) return whose;
  const { by: organization = 'A81001', stored = new Map(), ...more } = changes;
  const own = (current?.entries ?? []).filter(
    (each) => each.recordedBy === organization || each.type === 'Patient',
  );
  const { recordId, nhsNumber } = whose.value;
  const visible = own.filter((each) => !each.withdrawn);
  const gone = own.filter((each) => each.withdrawn);
  const holdings = { current, recordId, organization, naming: NAMING, reading: READING };
  return applyEdits(read.value.edits, {
    holdings: { ...holdings, visible, gone, stored },
    nhsNumber,
    submitter: { organization, isPractice: true },
    timestamp: null,
    making: makingAt(NOW),
    mustRenew: () => false,
    ...more,
  });
}

function made(...args: Parameters<typeof attempt>): EditsMade & { readonly record: CareRecord } {
  const result = attempt(...args);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  const { edited } = result.value;
  if (edited === null) throw new Error('nothing changed');
  return { ...result.value, record: edited.record };
}

const post = (resource: object): BundleEntry => posting(resource);

/** All of an entry but where its text stands. */
const told = (record: CareRecord): readonly Omit<Entry, 'text' | 'presented'>[] =>
  record.entries
    .map(({ text: _, presented: __, ...entry }) => entry)
    .toSorted((one, other) => one.id.localeCompare(other.id));

describe('edits of a record', () => {
  it('make the same record of the same resources as a submission does', () => {
    const submitted = taken(null, aBundle(ALL)).record;
    const written = made(null, ALL.map(post)).record;
    expect(told(written)).toEqual(told(submitted));
    const { sources: _, entries: __, ...head } = submitted;
    expect(written).toMatchObject(head);
    expect(written.sources.A81001).toEqual({ ...submitted.sources.A81001, acceptedAt: null });
  });

  it('link what is written later to what was there, and the other way round', () => {
    const first = made(null, [post(PATIENT), post(PLAN), post(MEDICATION)].reverse());
    const plan = entryOf(first.record, 'MedicationRequest');
    const medication = entryOf(first.record, 'Medication');
    const subject = { reference: `Patient/${first.record.id}` };
    const later = aStatement('1', {
      subject,
      medicationCodeableConcept: undefined,
      medicationReference: { reference: `${BASE_URL}/Medication/${medication.id}` },
      basedOn: [{ reference: `MedicationRequest/${plan.id}` }],
    });
    const second = made(first.record, [post(later)]);
    expect(entryOf(second.record, 'MedicationStatement')).toMatchObject({
      codes: ['http://snomed.info/sct|secret'],
      refs: expect.arrayContaining([plan.id, medication.id, first.record.id]),
      medication: { prescription: 'acute' },
    });
    const repeat = { coding: [{ code: 'continuous' }] };
    const changed = { ...PLAN, id: plan.id, subject, courseOfTherapyType: repeat };
    const third = made(second.record, [
      { resource: changed, request: { method: 'PUT', url: `MedicationRequest/${plan.id}` } },
    ]);
    const before = entryOf(second.record, 'MedicationStatement');
    const after = entryOf(third.record, 'MedicationStatement');
    expect(after.medication?.prescription).toBe('repeat');
    expect(after.versionId).toBe(before.versionId);
  });

  it('leave everything as it was when nothing of it differs', () => {
    const { record } = made(null, ALL.map(post));
    const allergy = entryOf(record, 'AllergyIntolerance');
    const url = `AllergyIntolerance/${allergy.id}`;
    const patient = { reference: `Patient/${record.id}` };
    const put = (more: object): BundleEntry => ({
      resource: { ...anAllergy('2'), id: allergy.id, patient, ...more },
      request: { method: 'PUT', url },
    });
    const same = attempt(record, [put({})]);
    expect(same.ok && [same.value.edited, same.value.outcomes[0]?.result]).toEqual([
      null,
      'unchanged',
    ]);
    const renewed = made(record, [put({})], { mustRenew: () => true });
    expect(renewed.outcomes[0]?.result).toBe('updated');
    expect(made(record, [put({ note: [{ text: 'x' }] })]).outcomes[0]?.result).toBe('updated');
    const delete404 = { request: { method: 'DELETE', url: `${url}0` } };
    const nothing = attempt(record, [delete404]);
    expect(nothing.ok && nothing.value.edited).toBeNull();
  });

  it('refuse to be about one entry twice, whatever leads to it', () => {
    const { record } = made(null, ALL.map(post));
    const { id } = entryOf(record, 'AllergyIntolerance');
    const remove = { request: { method: 'DELETE', url: `AllergyIntolerance/${id}` } };
    const again = attempt(record, [remove, remove]);
    expect(!again.ok && again.problem.issues[0].expression).toBe('Bundle.entry[1]');
    const same = { ...anAllergy('1'), id: 'another' };
    const twice = attempt(null, [post(PATIENT), post(anAllergy('1')), post(same)]);
    expect(!twice.ok && twice.problem.kind).toBe('malformed');
    expect(made(record, [remove]).outcomes[0]?.result).toBe('withdrawn');
  });

  it('count as one more change of the organisation, as of now', () => {
    const { record } = taken(null, aBundle([PATIENT]));
    const patient = { reference: `Patient/${record.id}` };
    const next = made(record, [post({ ...anAllergy('1'), patient })]).record;
    const { version, acceptedAt } = record.sources.A81001 ?? {};
    expect(next.sources.A81001).toMatchObject({ version: (version ?? 0) + 1, acceptedAt });
  });
});
