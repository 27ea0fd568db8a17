import type { RecordType } from '../../domain/fhir/resource-types.ts';
import { listInstanceHistory, listRecordHistory } from '../../interactions/list-history.ts';
import { perform } from '../../interactions/perform.ts';
import { readVersion } from '../../interactions/read-version.ts';
import { withParameters } from '../fhir-body.ts';
import type { FhirRequest, Handler } from '../route.ts';
import { idOf } from './record.ts';

/** Reads one version of a resource. */
export function readVersionHandler(type: RecordType): Handler {
  return (context, call, request) => {
    const read = (parameters: URLSearchParams) =>
      readVersion(type, idOf(request), versionIdOf(request), parameters);
    return perform(context, call, withParameters(request, read));
  };
}

/** Lists the versions of one resource. */
export function instanceHistoryHandler(type: RecordType): Handler {
  return (context, call, request) => {
    const list = (parameters: URLSearchParams) =>
      listInstanceHistory(type, idOf(request), parameters);
    return perform(context, call, withParameters(request, list));
  };
}

/** Lists the versions of everything of one type, or of all types, in one patient's record. */
export function recordHistoryHandler(type: RecordType | null): Handler {
  return (context, call, request) => {
    const list = (parameters: URLSearchParams) => listRecordHistory(type, parameters);
    return perform(context, call, withParameters(request, list));
  };
}

function versionIdOf(request: FhirRequest): string {
  const { versionId } = request.params as { readonly versionId?: string };
  return versionId ?? '';
}
