import { isObject, type Json, type JsonObject } from '../../../src/domain/fhir/json.ts';
import modelTable from '../../../src/domain/validation/model.json' with { type: 'json' };
import {
  buildModel,
  type ElementModel,
  type Model,
  type TypeModel,
} from '../../../src/domain/validation/model.ts';
import valueSetTable from '../../../src/domain/validation/value-sets.json' with { type: 'json' };

/** The model that the server validates with. */
export const MODEL: Model = buildModel({ types: modelTable, valueSets: valueSetTable });

/** An object of a resource, and the path of its type: `Patient.contact`, or `Period`. */
export interface Found {
  readonly path: string;
  readonly value: JsonObject;
}

/** Every object of a resource that has a type; a resource inside of it as one of its own. */
export function objectsByPath(resource: JsonObject): readonly Found[] {
  const type = MODEL.types.get(String(resource.resourceType));
  return type === undefined ? [] : objectsOf(resource, type);
}

function objectsOf(value: JsonObject, type: TypeModel): readonly Found[] {
  const below = Object.entries(value).flatMap(([name, each]) => {
    const element = type.elements.get(name);
    if (element === undefined || element.primitive !== null) return [];
    const items: readonly Json[] = Array.isArray(each) ? each : [each as Json];
    return items.filter(isObject).flatMap((item) => foundAt(item, element, type));
  });
  return [{ path: type.name, value }, ...below];
}

function foundAt(item: JsonObject, element: ElementModel, owner: TypeModel): readonly Found[] {
  if (element.type === null) return objectsByPath(item);
  const inPlace = element.rules.length > 0;
  return [
    ...(inPlace ? [{ path: `${owner.name}.${element.name}`, value: item }] : []),
    ...objectsOf(item, element.type),
  ];
}
