import { NHS_NUMBER } from './systems.ts';

/** Finds the record that a search or a resource means, without looking anything up. */
export interface PatientNaming {
  /** The FHIR base, for absolute references. */
  readonly baseUrl: string;
  /** The id of the record of an NHS number. */
  recordId(nhsNumber: string): string;
}

/**
 * The Patient id that `[id]`, `Patient/[id]` or an absolute URL under our base means; null for
 * others.
 */
export function patientIdOf(reference: string, naming: PatientNaming): string | null {
  // Most are that, and nothing has to be taken off.
  if (IS_ID.test(reference)) return reference;
  const base = `${naming.baseUrl}/`;
  const relative = reference.startsWith(base) ? reference.slice(base.length) : reference;
  const id = relative.startsWith(OF_PATIENT) ? relative.slice(OF_PATIENT.length) : relative;
  return IS_ID.test(id) ? id : null;
}

const IS_ID = /^[A-Za-z0-9\-.]{1,64}$/;
const OF_PATIENT = 'Patient/';

/** The record id that an identifier token means; null for other systems than the NHS number's. */
export function recordIdOfToken(token: string, naming: PatientNaming): string | null {
  const bar = token.indexOf('|');
  const system = bar === -1 ? NHS_NUMBER : token.slice(0, bar);
  const value = token.slice(bar + 1);
  return system === NHS_NUMBER && /^\d{10}$/.test(value) ? naming.recordId(value) : null;
}
