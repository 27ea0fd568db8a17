import type { RecordType } from '../domain/fhir/resource-types.ts';
import type { Result } from '../domain/result.ts';
import { type RecordSearch, readRecordSearch } from '../domain/search/record-search.ts';
import type { Context } from './context.ts';
import { patientNaming } from './patient-naming.ts';

/** Understands the parameters of a search of a record, as of now and on this server. */
export function understandSearch(
  context: Context,
  type: RecordType,
  parameters: URLSearchParams,
  { strict }: { readonly strict: boolean },
): Result<RecordSearch> {
  return readRecordSearch(type, parameters, {
    strict,
    naming: patientNaming(context),
    now: context.clock.now(),
    sign: (text) => context.names.sign(text),
  });
}
