import { searchPatients } from '../../interactions/search-patients.ts';
import type { Handler } from '../route.ts';
import { searching } from './record.ts';

/** Traces a patient by NHS number or id. */
export const searchPatient: Handler = searching((parameters, options) =>
  searchPatients(parameters, options),
);
