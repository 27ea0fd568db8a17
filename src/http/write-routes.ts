import { RECORD_TYPES, type RecordType, sectionOf } from '../domain/fhir/resource-types.ts';
import type { FhirRoute } from './route.ts';
import {
  createChoice,
  deleteChoice,
  editHandler,
  patchChoice,
  updateChoice,
} from './routes/edit.ts';

const HTTP = 'http://hl7.org/fhir/R4/http.html';

/**
 * Resources that say nothing of whose they are: which record one belongs to can be told by its id
 * alone, so that a new one comes in a transaction, with what refers to it.
 */
const WITHOUT_SUBJECT: readonly RecordType[] = [
  'Medication',
  'Practitioner',
  'PractitionerRole',
  'Organization',
];

/** Every route that changes one entry of a record. */
export const WRITE_ROUTES: readonly FhirRoute[] = RECORD_TYPES.flatMap((type) => {
  if (sectionOf(type) === 'consent') return choiceRoutes();
  const byId = [updateRoute(type), patchRoute(type), deleteRoute(type)];
  if (type === 'Patient') {
    return [createRoute(type), updateRoute(type), patchRoute(type)].flatMap(conditionalToo);
  }
  if (WITHOUT_SUBJECT.includes(type)) return byId;
  return [createRoute(type), ...byId].flatMap(conditionalToo);
});

function createRoute(type: RecordType): FhirRoute {
  return {
    method: 'POST',
    path: `/${type}`,
    interaction: 'create',
    type,
    action: 'C',
    summary: `Create a ${type} that your own organisation records.`,
    spec: `${HTTP}#create`,
    handle: editHandler(type, 'create'),
  };
}

function updateRoute(type: RecordType): FhirRoute {
  return {
    method: 'PUT',
    path: `/${type}/:id`,
    interaction: 'update',
    type,
    action: 'U',
    summary: `Update a ${type} that your own organisation records.`,
    spec: `${HTTP}#update`,
    handle: editHandler(type, 'update'),
  };
}

function patchRoute(type: RecordType): FhirRoute {
  return {
    method: 'PATCH',
    path: `/${type}/:id`,
    interaction: 'patch',
    type,
    action: 'U',
    summary: `Patch a ${type} that your own organisation records.`,
    spec: `${HTTP}#patch`,
    handle: editHandler(type, 'patch'),
  };
}

function deleteRoute(type: RecordType): FhirRoute {
  return {
    method: 'DELETE',
    path: `/${type}/:id`,
    interaction: 'delete',
    type,
    action: 'D',
    summary: `Withdraw a ${type} that your own organisation records.`,
    spec: `${HTTP}#delete`,
    handle: editHandler(type, 'delete'),
  };
}

/** A route by id, and the same by criteria in the query. */
function conditionalToo(route: FhirRoute): readonly FhirRoute[] {
  if (!route.path.endsWith('/:id')) return [route];
  const path = route.path.slice(0, -'/:id'.length);
  const summary = route.summary.replace('.', ', by criteria such as its identifier.');
  return [route, { ...route, path, summary, spec: `${HTTP}#cond-update` }];
}

/** A patient's choices are recorded by others than their entries, one by one. */
function choiceRoutes(): readonly FhirRoute[] {
  const type = 'Consent';
  return [
    {
      ...createRoute(type),
      summary: 'Record a choice of a patient: opt-out, sharing, a private entry and so on.',
      handle: createChoice,
    },
    {
      ...updateRoute(type),
      summary: 'Change or end a choice of a patient; the earlier version is kept.',
      handle: updateChoice,
    },
    {
      ...patchRoute(type),
      summary: 'Change a part of a choice of a patient; the earlier version is kept.',
      handle: patchChoice,
    },
    {
      ...deleteRoute(type),
      summary: 'Withdraw a choice of a patient; it stays in the history.',
      handle: deleteChoice,
    },
  ];
}
