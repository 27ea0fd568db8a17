import { type FhirRoute, isEdit } from './route.ts';

const TEXT = { type: 'string' };

/** Whether a route finds what it changes by criteria in the query. */
export function isConditional({
  interaction,
  path,
}: Pick<FhirRoute, 'interaction' | 'path'>): boolean {
  return isEdit({ interaction }) && interaction !== 'create' && !path.includes('/:id');
}

/** The headers and criteria of a route that changes an entry; none for all others. */
export function editParameters(route: FhirRoute): readonly object[] {
  if (!isEdit(route)) return [];
  const prefer = header('Prefer', '`return=minimal`, `representation` or `OperationOutcome`.');
  return [...(isConditional(route) ? criteria(route) : []), ...conditions(route), prefer];
}

function conditions({ interaction, type }: FhirRoute): readonly object[] {
  if (interaction !== 'create') return [header('If-Match', '`W/"[version id]"`: else 412.')];
  if (type === 'Consent') return [];
  return [header('If-None-Exist', 'Criteria as in a query: nothing is created where one matches.')];
}

function criteria({ type }: FhirRoute): readonly object[] {
  const own = [
    query('identifier', '`[system]|[value]`.', type === 'Patient'),
    query('_id', 'The resource’s logical id.'),
  ];
  if (type === 'Patient') return own;
  return [
    ...own,
    query('patient', 'Whose record: `[id]` or `Patient/[id]`.'),
    query('patient.identifier', 'The same, by NHS number.'),
  ];
}

/** The statuses of success of a route that changes an entry, each with whether there is a body. */
export function editStatuses({ interaction, path }: FhirRoute): readonly [number, boolean][] {
  switch (interaction) {
    case 'create':
      return [
        [200, true],
        [201, true],
      ];
    case 'update':
      return path === '/Consent/:id'
        ? [[200, true]]
        : [
            [200, true],
            [201, true],
          ];
    case 'delete':
      return [[204, false]];
    default:
      return [[200, true]];
  }
}

function query(name: string, description: string, required = false): object {
  return { name, in: 'query', required, description, schema: TEXT };
}

function header(name: string, description: string): object {
  return { name, in: 'header', required: false, description, schema: TEXT };
}
