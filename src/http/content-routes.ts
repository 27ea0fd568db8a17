import type { RecordType } from '../domain/fhir/resource-types.ts';
import type { FhirRoute } from './route.ts';
import { metaHandler, validateHandler, validateInstanceHandler } from './routes/content.ts';

const OPERATION = 'http://hl7.org/fhir/OperationDefinition/Resource-';

/** What FHIR's own operations say about the content of a resource. */
export function contentRoutes(type: RecordType): readonly FhirRoute[] {
  const validate = { interaction: 'validate', type, spec: `${OPERATION}validate` } as const;
  const stored = {
    ...validate,
    path: `/${type}/:id/$validate`,
    action: 'R',
    handle: validateInstanceHandler(type),
  } as const;
  return [
    {
      method: 'GET',
      path: `/${type}/:id/$meta`,
      interaction: 'meta',
      type,
      action: 'R',
      summary: `The metadata of one ${type}.`,
      spec: `${OPERATION}meta`,
      handle: metaHandler(type),
    },
    {
      ...validate,
      method: 'POST',
      path: `/${type}/$validate`,
      action: 'E',
      summary: `What is wrong with a ${type}; nothing is stored.`,
      handle: validateHandler(type),
    },
    {
      ...stored,
      method: 'GET',
      summary: `What is wrong with a stored ${type}, and whether you could update or delete it.`,
    },
    {
      ...stored,
      method: 'POST',
      summary: `What would be wrong with a ${type} in the place of a stored one.`,
    },
  ];
}
