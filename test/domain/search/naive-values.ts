/** What FHIRPath gives of a resource. */
export type Value =
  | string
  | number
  | boolean
  | { readonly [name: string]: Value | Value[] | undefined };

/** One alternative that a parameter is asked for. */
export interface AskedOfValue {
  readonly modifier: string;
  readonly wanted: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Whether one value of a resource is what one alternative of a parameter asks for. */
export function valueMeets(
  value: Value,
  parameter: { readonly type: string; readonly code: string; readonly resourceType: string },
  { modifier, wanted, now }: AskedOfValue,
): boolean {
  const { type, code, resourceType } = parameter;
  switch (type) {
    case 'token':
      if (modifier === 'below') return value === wanted || String(value).startsWith(`${wanted};`);
      if (modifier === 'text') return textMeets(value, wanted);
      if (modifier === 'of-type') return isOfType(value, wanted);
      return tokenMeets(value, wanted, `${resourceType}.${code}`);
    case 'string':
      return textsOf(value, code).some((each) => stringMeets(each, modifier, wanted));
    case 'date':
      return dateMeets(value, wanted, now);
    case 'quantity':
      return quantityMeets(value, wanted);
    case 'reference':
      return modifier === 'identifier'
        ? tokenMeets(part(value, 'identifier') ?? '', wanted)
        : referenceMeets(value, modifier, wanted);
    default:
      return uriMeets(value, wanted);
  }
}

/** The single value at an element. */
export function part(value: Value | undefined, name: string): Value | undefined {
  const found = typeof value === 'object' ? value[name] : undefined;
  return Array.isArray(found) ? undefined : found;
}

/** The text at an element. */
export function text(value: Value | undefined, name: string): string | undefined {
  const found = part(value, name);
  return typeof found === 'string' ? found : undefined;
}

function list(value: Value, name: string): Value[] {
  const found = typeof value === 'object' ? value[name] : undefined;
  return Array.isArray(found) ? found : [];
}

const FHIR = 'http://hl7.org/fhir';
const GENDER = `${FHIR}/administrative-gender`;
const ADDRESS_USE = `${FHIR}/address-use`;
const ALLERGY = `${FHIR}/allergy-intolerance`;
const REQUEST = `${FHIR}/CodeSystem/medicationrequest`;

/** The systems of the value sets that FHIR binds elements of type code to, by parameter. */
const IMPLIED: Readonly<Record<string, string>> = {
  'Patient.gender': GENDER,
  'Practitioner.gender': GENDER,
  'Patient.address-use': ADDRESS_USE,
  'Practitioner.address-use': ADDRESS_USE,
  'Organization.address-use': ADDRESS_USE,
  'MedicationStatement.status': `${FHIR}/CodeSystem/medication-statement-status`,
  'Medication.status': `${FHIR}/CodeSystem/medication-status`,
  'MedicationRequest.status': `${REQUEST}-status`,
  'MedicationRequest.intent': `${REQUEST}-intent`,
  'MedicationRequest.priority': `${FHIR}/request-priority`,
  'AllergyIntolerance.type': `${ALLERGY}-type`,
  'AllergyIntolerance.category': `${ALLERGY}-category`,
  'AllergyIntolerance.criticality': `${ALLERGY}-criticality`,
  'AllergyIntolerance.severity': `${FHIR}/reaction-event-severity`,
  'Observation.status': `${FHIR}/observation-status`,
  'Procedure.status': `${FHIR}/event-status`,
  'Immunization.status': `${FHIR}/event-status`,
  'DocumentReference.status': `${FHIR}/document-reference-status`,
  'DocumentReference.relation': `${FHIR}/document-relationship-type`,
  'Consent.status': `${FHIR}/consent-state-codes`,
};

/** Codes of FHIR's own, ids and truth values are compared as they stand; all else without case. */
function tokenMeets(value: Value, wanted: string, parameter = ''): boolean {
  const [first = '', second] = wanted.split('|');
  const [system, wantedCode] = second === undefined ? [undefined, first] : [first, second];
  if (typeof value !== 'object') {
    const isText = parameter === 'Medication.lot-number';
    const [has, code] = [String(value), wantedCode].map((it) => (isText ? it.toLowerCase() : it));
    if (wantedCode !== '' && has !== code) return false;
    return system === undefined || system === '' || IMPLIED[parameter] === system;
  }
  const pairs = Object.hasOwn(value, 'coding') ? list(value, 'coding') : [value];
  return pairs.some((pair) => {
    const has = (text(pair, 'code') ?? text(pair, 'value') ?? '').toLowerCase();
    if (wantedCode !== '' && has !== wantedCode.toLowerCase()) return false;
    if (system === undefined) return true;
    return (text(pair, 'system') ?? '') === system;
  });
}

/** By the type of an identifier, and its value. */
function isOfType(value: Value, wanted: string): boolean {
  const [system, code, text] = wanted.split('|');
  const type = part(value, 'type') ?? '';
  return (
    tokenMeets(type, `${system}|${code}`) && tokenMeets({ value: part(value, 'value') }, text ?? '')
  );
}

function textMeets(value: Value, wanted: string): boolean {
  const texts = [text(value, 'text'), text(value, 'display'), text(part(value, 'type'), 'text')];
  for (const coding of list(value, 'coding')) texts.push(text(coding, 'display'));
  return texts.some((each) => each !== undefined && stringMeets(each, '', wanted));
}

/** The texts that a string parameter looks at. */
export function textsOf(value: Value, code: string): string[] {
  if (typeof value === 'string')
    return code === 'family' ? [value, ...value.split(/[ -]/)] : [value];
  const { use, type, period, ...rest } = value as Record<string, unknown>;
  const all = Object.values(rest)
    .flat()
    .filter((each) => typeof each === 'string');
  const family = typeof rest.family === 'string' ? rest.family.split(/[ -]/) : [];
  return [...all, ...family];
}

/** A text without case, accents and punctuation. */
export function plain(each: string): string {
  const bare = each.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '');
  return bare
    .replaceAll(/[-'.’]/g, '')
    .replaceAll(/ +/g, ' ')
    .trim()
    .toLowerCase();
}

function stringMeets(has: string, modifier: string, wanted: string): boolean {
  if (modifier === 'exact') return has === wanted;
  const [one, other] = [plain(has), plain(wanted)];
  return modifier === 'contains' ? one.includes(other) : one.startsWith(other);
}

function prefixed(wanted: string): [string, string] {
  return /^[a-z]/.test(wanted) ? [wanted.slice(0, 2), wanted.slice(2)] : ['eq', wanted];
}

/** From the first moment of a date to the first one after it. */
function moments(date: string): [number, number] {
  if (date.length > 10) {
    const start = Date.parse(date);
    return [start, start + (date.includes('.') ? 1 : 1000)];
  }
  const start = new Date(date);
  const next = new Date(start);
  if (date.length === 4) next.setUTCFullYear(start.getUTCFullYear() + 1);
  else if (date.length === 7) next.setUTCMonth(start.getUTCMonth() + 1);
  else next.setUTCDate(start.getUTCDate() + 1);
  return [start.getTime(), next.getTime()];
}

/** From the first moment of a date or Period to the first one after it; nothing without either. */
export function momentsOf(value: Value): readonly number[] {
  if (typeof value === 'string') return /^\d{4}/.test(value) ? moments(value) : [];
  const [start, end] = [text(value, 'start'), text(value, 'end')];
  if (start === undefined && end === undefined) return [];
  return [
    start === undefined ? -Infinity : moments(start)[0],
    end === undefined ? Infinity : moments(end)[1],
  ];
}

function dateMeets(value: Value, wanted: string, now: number): boolean {
  const [prefix, date] = prefixed(wanted);
  const [from, to] = moments(date);
  const [low, high] = momentsOf(value);
  if (low === undefined || high === undefined) return false;
  const inside = from <= low && high <= to;
  switch (prefix) {
    case 'eq':
      return inside;
    case 'ne':
      return !inside;
    case 'gt':
      return high > to;
    case 'lt':
      return low < from;
    case 'ge':
      return high > to || inside;
    case 'le':
      return low < from || inside;
    case 'sa':
      return low >= to;
    case 'ap': {
      const tenth = Math.abs(now - from) / 10;
      return high > from - tenth && low < to + tenth;
    }
    default:
      return high <= from;
  }
}

/** From the lowest to the highest number of a Quantity or Range, in millionths. */
export function numbersOf(value: Value): readonly number[] {
  const [low, high] = endsOf(value).map((end) => {
    const has = part(end, 'value');
    return typeof has === 'number' ? Math.round(has * 1e6) : undefined;
  });
  return low === undefined && high === undefined ? [] : [low ?? -Infinity, high ?? Infinity];
}

function endsOf(value: Value): readonly (Value | undefined)[] {
  const isRange = part(value, 'low') !== undefined || part(value, 'high') !== undefined;
  return isRange ? [part(value, 'low'), part(value, 'high')] : [value, value];
}

/** In millionths, so that all is whole. */
function quantityMeets(value: Value, wanted: string): boolean {
  const [prefixAndNumber = '', system = '', code = ''] = wanted.split('|');
  const [prefix, number] = prefixed(prefixAndNumber);
  const decimals = number.split('.')[1]?.length ?? 0;
  const exact = Math.round(Number(number) * 1e6);
  const half = 10 ** (6 - decimals) / 2;
  const [low, high] = numbersOf(value);
  if (low === undefined || high === undefined) return false;
  for (const end of endsOf(value)) {
    if (end === undefined) continue;
    if (system !== '' && text(end, 'system') !== system) return false;
    const units = system === '' ? [text(end, 'code'), text(end, 'unit')] : [text(end, 'code')];
    if (code !== '' && !units.includes(code)) return false;
  }
  return numbersMeet(prefix, { exact, half }, low, high);
}

function numbersMeet(
  prefix: string,
  { exact, half }: { exact: number; half: number },
  low: number,
  high: number,
): boolean {
  const inside = low >= exact - half && high < exact + half;
  switch (prefix) {
    case 'eq':
      return inside;
    case 'ne':
      return !inside;
    case 'gt':
      return high > exact;
    case 'lt':
      return low < exact;
    case 'ge':
      return high >= exact;
    case 'le':
      return low <= exact;
    case 'sa':
      return low > exact;
    case 'eb':
      return high < exact;
    default: {
      const tenth = Math.abs(exact) / 10;
      return high >= exact - tenth && low <= exact + tenth;
    }
  }
}

function referenceMeets(value: Value, modifier: string, wanted: string): boolean {
  if (typeof value === 'string') return uriMeets(value, wanted);
  const has = text(value, 'reference');
  if (has === undefined) return false;
  if (modifier !== '') return has === `${modifier}/${wanted}`;
  return has === wanted || (!wanted.includes('/') && has.split('/')[1] === wanted);
}

/** A version that is not asked for does not matter. */
function uriMeets(value: Value, wanted: string): boolean {
  return value === wanted || String(value).split('|')[0] === wanted;
}
