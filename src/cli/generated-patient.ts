import { NHS_NUMBER, ODS_CODE, SNOMED } from '../domain/fhir/systems.ts';

/** How many patients can be told apart by their numbers. */
export const PATIENTS_MAX = 10_000_000;

/** With the Patient and an allergy, twelve entries; as a searchset, about 8 KB. */
const STATEMENTS = 10;

const SOURCE = 'https://generated.scr.example/id';
const DAY_MS = 86_400_000;

const MEDICINES = [
  ['322236009', 'Paracetamol 500mg tablets'],
  ['319775004', 'Aspirin 75mg tablets'],
  ['325045002', 'Amoxicillin 500mg capsules'],
  ['320000009', 'Ramipril 5mg capsules'],
  ['319996000', 'Simvastatin 40mg tablets'],
  ['326186009', 'Metformin 500mg tablets'],
  ['317329008', 'Omeprazole 20mg gastro-resistant capsules'],
] as const;
const ALLERGIES = [
  ['91936005', 'Allergy to penicillin'],
  ['300913006', 'Allergy to shellfish'],
  ['91935009', 'Allergy to peanut'],
] as const;
const FAMILIES = ['Okafor', 'Begum', 'Ó Súilleabháin', 'Jones', 'Kowalska', 'Nguyễn', 'Patel'];
const GIVEN = ['Zoë', 'Amir', 'Siân', 'Tomasz', 'Grace', 'Olu', 'Maya'];

/** What a generated record depends on: the same values give the same record, byte by byte. */
export interface Generation {
  readonly seed: number;
  /** ODS code of the registered practice. */
  readonly practice: string;
  /** Epoch milliseconds of the day that prescriptions are dated back from. */
  readonly today: number;
  /** Another edition of the same record changes every entry, and keeps their identifiers. */
  readonly edition: number;
}

/** The NHS number of the nth generated patient, counted from 0. */
function generatedNhsNumber(n: number): string {
  // The ninth digit is free: it is set so that there is a check digit (11 − sum, never 10).
  const stem = String(90_000_000 + n);
  for (let ninth = 0; ninth <= 9; ninth += 1) {
    const body = `${stem}${ninth}`;
    const sum = [...body].reduce((so, digit, at) => so + Number(digit) * (10 - at), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check !== 10) return `${body}${check}`;
  }
  throw new Error('INVARIANT: of ten bodies at most one has no check digit');
}

/** The record of the nth generated patient, as a Bundle to submit: synthetic, of nobody alive. */
export function generatedRecord(n: number, generation: Generation): object {
  const pick = chooser(generation.seed * 1_000_003 + n);
  const resources = [
    patient(n, generation, pick),
    ...Array.from({ length: STATEMENTS }, (_, k) => statement(n, k, generation, pick)),
    allergy(n, generation, pick),
  ];
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  };
}

type Pick = <T>(from: readonly T[]) => T;

/**
 * A small linear generator (Numerical Recipes): chance enough for names, and the same everywhere.
 */
function chooser(seed: number): Pick {
  let state = seed >>> 0;
  return (from) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const chosen = from[Math.floor((state / 2 ** 32) * from.length)];
    if (chosen === undefined) throw new Error('INVARIANT: there is something to choose from');
    return chosen;
  };
}

function patient(n: number, { practice, edition }: Generation, pick: Pick): object {
  return {
    resourceType: 'Patient',
    id: 'patient',
    identifier: [{ system: NHS_NUMBER, value: generatedNhsNumber(n) }],
    active: true,
    name: [{ use: 'official', family: pick(FAMILIES), given: [pick(GIVEN)] }],
    gender: pick(['female', 'male'] as const),
    birthDate: `${1930 + (n % 80)}-0${1 + (n % 9)}-1${n % 10}`,
    address: [{ use: 'home', line: [`${1 + edition} High Street`], postalCode: 'LS1 4AP' }],
    managingOrganization: organization(practice),
  };
}

function statement(n: number, k: number, generation: Generation, pick: Pick): object {
  const [code, display] = pick(MEDICINES);
  const daily = 1 + (generation.edition % 4);
  return {
    resourceType: 'MedicationStatement',
    id: `statement-${k}`,
    identifier: [{ system: SOURCE, value: `${n}-${k}` }],
    status: 'active',
    medicationCodeableConcept: { coding: [{ system: SNOMED, code, display }] },
    subject: { reference: 'Patient/patient' },
    effectivePeriod: { start: dayOf(generation.today - (30 + k) * DAY_MS) },
    dosage: [
      {
        text: `One to be taken ${daily} times a day, with or after food`,
        timing: { repeat: { frequency: daily, period: 1, periodUnit: 'd' } },
      },
    ],
  };
}

function allergy(n: number, { edition }: Generation, pick: Pick): object {
  const [code, display] = pick(ALLERGIES);
  return {
    resourceType: 'AllergyIntolerance',
    id: 'allergy',
    identifier: [{ system: SOURCE, value: `${n}-allergy` }],
    clinicalStatus: status('allergyintolerance-clinical', 'active'),
    verificationStatus: status('allergyintolerance-verification', 'confirmed'),
    code: { coding: [{ system: SNOMED, code, display }] },
    patient: { reference: 'Patient/patient' },
    note: [{ text: `Asked about at review ${edition}.` }],
  };
}

function status(system: string, code: string): object {
  return { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] };
}

function organization(code: string): object {
  return { identifier: { system: ODS_CODE, value: code } };
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
