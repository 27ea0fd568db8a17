import { readPatch } from '../../domain/fhir/patch/patch.ts';
import type { RecordType } from '../../domain/fhir/resource-types.ts';
import {
  readVersionCondition,
  type VersionCondition,
} from '../../domain/fhir/version-condition.ts';
import type { EditAction } from '../../domain/gp/edits/edit.ts';
import { problem } from '../../domain/problem.ts';
import { fail } from '../../domain/result.ts';
import { editEntry } from '../../interactions/edit-entry.ts';
import { type Interaction, perform } from '../../interactions/perform.ts';
import {
  createConsent,
  deleteConsent,
  patchConsent,
  updateConsent,
} from '../../interactions/record-consent.ts';
import { withResource } from '../fhir-body.ts';
import { queryTextOf } from '../form.ts';
import type { FhirRequest, Handler } from '../route.ts';
import { idOf } from './record.ts';

/** Creates, updates, patches or deletes one entry of a record, by its id or by criteria. */
export function editHandler(type: RecordType, action: EditAction): Handler {
  return (context, call, request) => {
    const id = idOf(request);
    const query = queryTextOf(request);
    const asked = {
      action,
      type,
      id: id === '' ? null : id,
      query: query === '' ? null : query,
      ifMatch: headerOf(request, 'if-match'),
      ifNoneExist: headerOf(request, 'if-none-exist'),
    };
    const interaction =
      action === 'delete'
        ? editEntry({ ...asked, body: undefined })
        : withResource(request, (body) => editEntry({ ...asked, body }));
    return perform(context, call, interaction);
  };
}

/** Records a new choice of a patient. */
export const createChoice: Handler = (context, call, request) => {
  const create = withResource(request, (body) => createConsent(body));
  const isConditional = headerOf(request, 'if-none-exist') !== null;
  return perform(context, call, isConditional ? async () => fail(NOT_CONDITIONAL) : create);
};

/** Changes or ends a choice of a patient. */
export const updateChoice: Handler = (context, call, request) => {
  const update = (ifMatch: VersionCondition | null): Interaction =>
    withResource(request, (body) => updateConsent(idOf(request), ifMatch, body));
  return perform(context, call, onVersion(request, update));
};

/** Changes a part of a choice of a patient. */
export const patchChoice: Handler = (context, call, request) => {
  const patch = (ifMatch: VersionCondition | null): Interaction =>
    withResource(request, (body) => {
      const read = readPatch(body);
      return read.ok ? patchConsent(idOf(request), ifMatch, read.value) : async () => read;
    });
  return perform(context, call, onVersion(request, patch));
};

/** Withdraws a choice of a patient. */
export const deleteChoice: Handler = (context, call, request) =>
  perform(
    context,
    call,
    onVersion(request, (ifMatch) => deleteConsent(idOf(request), ifMatch)),
  );

function onVersion(
  request: FhirRequest,
  next: (ifMatch: VersionCondition | null) => Interaction,
): Interaction {
  const header = headerOf(request, 'if-match');
  const condition = header === null ? null : readVersionCondition(header);
  if (header !== null && condition === null) return async () => fail(BAD_IF_MATCH);
  return next(condition);
}

function headerOf({ headers }: FhirRequest, name: string): string | null {
  const value = headers[name];
  return value === undefined ? null : [value].flat().join(',');
}

const BAD_IF_MATCH = problem('malformed', 'value', 'If-Match is W/"[version id]", or *.');
const NOT_CONDITIONAL = problem(
  'malformed',
  'not-supported',
  'A Consent is not created conditionally: each one records a choice of its own.',
);
