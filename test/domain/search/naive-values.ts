/** What FHIRPath gives of a resource. */
export type Value =
  | string
  | number
  | boolean
  | { readonly [name: string]: Value | Value[] | undefined };

/** Whether one value is what one alternative of a parameter asks for. */
export function valueMeets(
  value: Value,
  { type, code }: { readonly type: string; readonly code: string },
  modifier: string,
  wanted: string,
): boolean {
  switch (type) {
    case 'token':
      if (modifier === 'below') return value === wanted || String(value).startsWith(`${wanted};`);
      return modifier === 'text' ? textMeets(value, wanted) : tokenMeets(value, wanted);
    case 'string':
      return stringsOf(value, code).some((each) => stringMeets(each, modifier, wanted));
    case 'date':
      return dateMeets(value, wanted);
    case 'quantity':
      return quantityMeets(value, wanted);
    case 'reference':
      return modifier === 'identifier'
        ? tokenMeets(part(value, 'identifier') ?? '', wanted)
        : referenceMeets(text(value, 'reference'), modifier, wanted);
    default:
      return value === wanted;
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

const OBSERVATION_STATUS = 'http://hl7.org/fhir/observation-status';
const STATEMENT_STATUS = 'http://hl7.org/fhir/CodeSystem/medication-statement-status';
const GENDER = 'http://hl7.org/fhir/administrative-gender';

/** The systems of the value sets that FHIR binds elements of type code to. */
const IMPLIED: Readonly<Record<string, string>> = {
  male: GENDER,
  female: GENDER,
  final: OBSERVATION_STATUS,
  amended: OBSERVATION_STATUS,
  current: 'http://hl7.org/fhir/document-reference-status',
  superseded: 'http://hl7.org/fhir/document-reference-status',
  appends: 'http://hl7.org/fhir/document-relationship-type',
  signs: 'http://hl7.org/fhir/document-relationship-type',
  active: STATEMENT_STATUS,
  stopped: STATEMENT_STATUS,
};

function tokenMeets(value: Value, wanted: string): boolean {
  const [first = '', second] = wanted.split('|');
  const [system, wantedCode] = second === undefined ? [undefined, first] : [first, second];
  if (typeof value !== 'object') {
    if (wantedCode !== '' && String(value) !== wantedCode) return false;
    return system === undefined || system === '' || IMPLIED[String(value)] === system;
  }
  const pairs = Object.hasOwn(value, 'coding') ? list(value, 'coding') : [value];
  return pairs.some((pair) => {
    const has = (text(pair, 'code') ?? text(pair, 'value') ?? '').toLowerCase();
    if (wantedCode !== '' && has !== wantedCode.toLowerCase()) return false;
    if (system === undefined) return true;
    return (text(pair, 'system') ?? '') === system;
  });
}

function textMeets(value: Value, wanted: string): boolean {
  const texts = [text(value, 'text'), text(value, 'display'), text(part(value, 'type'), 'text')];
  for (const coding of list(value, 'coding')) texts.push(text(coding, 'display'));
  return texts.some((each) => each !== undefined && stringMeets(each, '', wanted));
}

function stringsOf(value: Value, code: string): string[] {
  if (typeof value === 'string')
    return code === 'family' ? [value, ...value.split(/[ -]/)] : [value];
  const { use, type, period, ...rest } = value as Record<string, unknown>;
  const all = Object.values(rest)
    .flat()
    .filter((each) => typeof each === 'string');
  const family = typeof rest.family === 'string' ? rest.family.split(/[ -]/) : [];
  return [...all, ...family];
}

function plain(each: string): string {
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
    return [start, start + 1000];
  }
  const start = new Date(date);
  const next = new Date(start);
  if (date.length === 4) next.setUTCFullYear(start.getUTCFullYear() + 1);
  else if (date.length === 7) next.setUTCMonth(start.getUTCMonth() + 1);
  else next.setUTCDate(start.getUTCDate() + 1);
  return [start.getTime(), next.getTime()];
}

function dateMeets(value: Value, wanted: string): boolean {
  const [prefix, date] = prefixed(wanted);
  const [from, to] = moments(date);
  let [low, high] = [-Infinity, Infinity];
  if (typeof value === 'string') {
    if (!/^\d{4}/.test(value)) return false;
    [low, high] = moments(value);
  } else {
    const [start, end] = [text(value, 'start'), text(value, 'end')];
    if (start === undefined && end === undefined) return false;
    if (start !== undefined) [low] = moments(start);
    if (end !== undefined) [, high] = moments(end);
  }
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
    default:
      return high <= from;
  }
}

/** In millionths, so that all is whole. */
function quantityMeets(value: Value, wanted: string): boolean {
  const [prefixAndNumber = '', system = '', code = ''] = wanted.split('|');
  const [prefix, number] = prefixed(prefixAndNumber);
  const decimals = number.split('.')[1]?.length ?? 0;
  const exact = Math.round(Number(number) * 1e6);
  const half = 10 ** (6 - decimals) / 2;
  const millionths = (it: Value | undefined): number | null => {
    const has = part(it, 'value');
    return typeof has === 'number' ? Math.round(has * 1e6) : null;
  };
  const isRange = part(value, 'low') !== undefined || part(value, 'high') !== undefined;
  const ends = isRange ? [part(value, 'low'), part(value, 'high')] : [value, value];
  const [low, high] = ends.map(millionths);
  if ((low ?? null) === null && (high ?? null) === null) return false;
  for (const end of ends) {
    if (end === undefined) continue;
    if (system !== '' && text(end, 'system') !== system) return false;
    const units = system === '' ? [text(end, 'code'), text(end, 'unit')] : [text(end, 'code')];
    if (code !== '' && !units.includes(code)) return false;
  }
  return numbersMeet(prefix, { exact, half }, low ?? -Infinity, high ?? Infinity);
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

function referenceMeets(has: string | undefined, modifier: string, wanted: string): boolean {
  if (has === undefined) return false;
  if (modifier !== '') return has === `${modifier}/${wanted}`;
  return has === wanted || (!wanted.includes('/') && has.split('/')[1] === wanted);
}
