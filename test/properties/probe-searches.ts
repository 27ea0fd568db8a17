import { parametersOf } from '../../src/domain/search/parameters.ts';
import { SEARCHES } from '../../src/domain/search/search-table.ts';
import { SENSITIVE_CODE } from '../support/worlds.ts';
import { type Chooser, cursor, patientId } from './chooser.ts';
import type { Knowledge } from './knowledge.ts';

type Pair = readonly [name: string, value: string];

/**
 * The parameters of a search: whose record, then some of all that R4 knows for the type, with
 * modifiers, hidden values and parameters that nobody knows.
 */
export function searchParameters(
  type: string,
  chooser: Chooser,
  known: Knowledge,
): readonly Pair[] {
  const pairs: Pair[] = [];
  if (!chooser.once(12)) pairs.push(whose(type, chooser, known));
  for (let more = chooser.number(4); more > 0; more--) {
    pairs.push(chooser.once(3) ? shaping(type, chooser, known) : condition(type, chooser, known));
  }
  return pairs;
}

function whose(type: string, chooser: Chooser, known: Knowledge): Pair {
  const nhsNumber = chooser.from(known.nhsNumbers, '1');
  const id = patientId(chooser, known);
  if (type === 'Patient') {
    return chooser.once(3) ? ['_id', id] : ['identifier', `${NHS_NUMBER}|${nhsNumber}`];
  }
  return chooser.from<Pair>(
    [
      ['patient', id],
      ['patient', `Patient/${id}`],
      ['subject', `Patient/${id}`],
      ['patient', `${BASE}/Patient/${id}`],
      ['patient.identifier', `${NHS_NUMBER}|${nhsNumber}`],
      ['patient:identifier', `${NHS_NUMBER}|${nhsNumber}`],
      ['_id', chooser.from(known.idsOf(type), 'none')],
      ['_id', known.idsOf(type).slice(0, 4).join(',')],
    ],
    ['patient', id],
  );
}

const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number';
const BASE = 'http://127.0.0.1:8080/FHIR/R4';

/** Parameters by which entries are chosen: where hidden values could be felt for. */
function condition(type: string, chooser: Chooser, known: Knowledge): Pair {
  const name = chooser.from(namesFor(type), 'code');
  const modifier = chooser.once(4) ? chooser.from(MODIFIERS, '') : '';
  return [`${name}${modifier}`, valueFor(name, modifier, chooser, known)];
}

function namesFor(type: string): readonly string[] {
  const known = SEARCHES[type as keyof typeof SEARCHES]?.parameters ?? [];
  const defined = parametersOf(type as Parameters<typeof parametersOf>[0]);
  return [
    ...known.flatMap(({ name, spellings }) => [name, ...(spellings ?? [])]),
    ...defined.map(({ name }) => name),
    ...ODD_NAMES,
  ];
}

/** What no type defines, and what reaches from one resource to others. */
const ODD_NAMES = [
  'colour',
  '_has:Observation:patient:code',
  '_has:Consent:patient:status',
  'patient.name',
  'subject:Patient.identifier',
  'medication.code',
  'recorder.family',
  'asserter:Practitioner.identifier',
  '_text',
  '_content',
  '_filter',
  '_list',
  '_query',
];

const MODIFIERS = [
  ':missing',
  ':not',
  ':exact',
  ':contains',
  ':text',
  ':identifier',
  ':Patient',
  ':in',
  ':not-in',
  ':above',
  ':below',
  ':of-type',
  ':colour',
];

/** What is marked private, what is in force, and what nobody knows. */
const VALUE_SETS = [
  'http://terminology.hl7.org/ValueSet/v3-ConfidentialityClassification',
  'http://hl7.org/fhir/ValueSet/allergyintolerance-clinical',
  'http://hl7.org/fhir/ValueSet/medication-statement-status',
  'http://hl7.org/fhir/ValueSet/consent-state-codes',
  'urn:unknown',
];

function valueFor(name: string, modifier: string, chooser: Chooser, known: Knowledge): string {
  if (modifier === ':missing') return chooser.from(['true', 'false', 'maybe'], 'true');
  if (modifier.endsWith('in')) return chooser.from(VALUE_SETS, '');
  if (name === '_security') return chooser.from(['R', 'V', 'NOPAT', 'http://x|R'], 'R');
  if (name === '_lastUpdated' || name.includes('date')) return dateValue(chooser, known);
  if (name === '_filter') return 'status eq active';
  const values = [
    SENSITIVE_CODE,
    `http://snomed.info/sct|${SENSITIVE_CODE}`,
    ...['active', 'stopped', 'final', '38341003', '322236009', '91936005', 'confirmed'],
    ...['1', '2', 'https://source.test/id|1', 'Family0', 'Khan', 'A81001', 'RY601', ''],
    dateValue(chooser, known),
    ...known.references,
    ...known.references.map((each) => each.split('/')[1] ?? ''),
    'active,stopped',
    'http://terminology.hl7.org/CodeSystem/v3-Confidentiality|_Confidentiality',
    'a|b|c',
    '\\,',
  ];
  return chooser.from(values, 'active');
}

function dateValue(chooser: Chooser, known: Knowledge): string {
  const prefix = chooser.from(['', 'eq', 'ne', 'gt', 'ge', 'lt', 'le', 'sa', 'eb', 'ap'], '');
  return `${prefix}${chooser.from([...known.instants, '2025', '2025-01-01', '2026-03'], '2025')}`;
}

/** Parameters that shape the answer. */
function shaping(type: string, chooser: Chooser, known: Knowledge): Pair {
  const code = chooser.from(
    ['patient', 'subject', 'medication', 'recorder', 'asserter', 'performer', 'based-on', '*'],
    '*',
  );
  return chooser.from<Pair>(
    [
      ['_include', `${type}:${code}`],
      ['_include', '*'],
      ['_include:iterate', `${type}:${code}`],
      ['_revinclude', `Observation:${code}`],
      ['_revinclude', 'Consent:data'],
      ['_revinclude', `${type}:${code}`],
      ['_sort', chooser.from(['date', '-_lastUpdated', '_id', 'code,-status', 'colour'], '_id')],
      ['_count', String(chooser.number(4))],
      ['_cursor', cursor(chooser, known)],
      ['_total', chooser.from(['accurate', 'none', 'estimate'], 'none')],
      ['_summary', chooser.from(['count', 'true', 'data', 'text', 'false'], 'count')],
      ['_elements', chooser.from(['id', 'status,code', 'meta'], 'id')],
      ['_contained', chooser.from(['both', 'true', 'false'], 'both')],
      ['_containedType', chooser.from(['container', 'contained'], 'contained')],
      ['_format', chooser.from(['json', 'xml'], 'json')],
      ['_pretty', 'true'],
    ],
    ['_count', '1'],
  );
}
