import type { PatientNaming } from '../domain/fhir/patient-reference.ts';
import type { Context } from './context.ts';

/** How searches and resources name patients on this server. */
export function patientNaming({ baseUrl, names }: Context): PatientNaming {
  return { baseUrl, recordId: (nhsNumber) => names.recordId(nhsNumber) };
}
