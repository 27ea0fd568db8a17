import { isObject, type JsonObject } from '../fhir/json.ts';

/** A value set that an element must take its code from. */
export interface Binding {
  /** Its name in `value-sets.json`. */
  readonly name: string;
  /** Whether its codes are listed; else they are known by their form alone. */
  readonly listed: boolean;
  hasCode(code: string): boolean;
  hasCoding(coding: JsonObject): boolean;
}

/** A value set of `value-sets.json`: codes by system, separated by blanks; or `form`. */
export type ValueSetTable = Readonly<Record<string, string>>;

const FORMS: Readonly<Record<string, RegExp>> = {
  language: /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/,
  mimetype: /^[^\s/;,]+\/[^\s/;,]+(?:\s*;.*)?$/,
  currency: /^[A-Z]{3}$/,
};
const LANGUAGE_SYSTEM = 'urn:ietf:bcp:47';

/** A binding from its table. */
export function bindingOf(name: string, table: ValueSetTable): Binding {
  const form = FORMS[table.form ?? ''];
  return form === undefined ? byList(name, table) : byForm(name, form);
}

function byList(name: string, table: ValueSetTable): Binding {
  const systems = new Map(
    Object.entries(table).map(([system, codes]) => [system, new Set(codes.split(' '))]),
  );
  const all = new Set([...systems.values()].flatMap((codes) => [...codes]));
  return {
    name,
    listed: true,
    hasCode: (code) => all.has(code),
    hasCoding: ({ system, code }) => systems.get(system as string)?.has(code as string) === true,
  };
}

/** Too many codes to list. Of codings, only those that claim to be of the system are judged. */
function byForm(name: string, form: RegExp): Binding {
  return {
    name,
    listed: false,
    hasCode: (code) => form.test(code),
    hasCoding: ({ system, code }) =>
      system !== LANGUAGE_SYSTEM || (typeof code === 'string' && form.test(code)),
  };
}

/**
 * Whether a Coding or CodeableConcept is within a binding; a concept is when one of its codings is
 * (http://hl7.org/fhir/R4/terminologies.html#required).
 */
export function isBound(value: JsonObject, binding: Binding): boolean {
  const { coding } = value;
  const codings = Array.isArray(coding) ? coding.filter(isObject) : [value];
  if (!binding.listed) return codings.every((each) => binding.hasCoding(each));
  return codings.some((each) => binding.hasCoding(each));
}
