import type { JsonObject } from '../../fhir/json.ts';
import { matches } from '../../search/run-search.ts';
import { type World, worldOf } from '../../search/world.ts';
import { sourceIdentifiers } from '../source-identifier.ts';
import type { Criteria } from './criteria.ts';

/**
 * Finds entries by criteria among resources that stand under their ids here: with an identifier by
 * looking it up, otherwise by trying every one of the type.
 */
export class EntryFinder {
  readonly #world: World;
  readonly #byIdentifier = new Map<string, JsonObject[]>();

  constructor(resources: readonly JsonObject[], baseUrl: string) {
    this.#world = worldOf(resources, baseUrl);
    for (const resource of resources) {
      for (const token of sourceIdentifiers(resource)) this.#add(token, resource);
    }
  }

  /** The ids of the entries that meet criteria; whose record it is was settled before. */
  find(criteria: Criteria): readonly string[] {
    const found = this.#candidates(criteria).filter((resource) =>
      matches(criteria.search, resource, this.#world),
    );
    return found.map((resource) => String(resource.id));
  }

  #candidates({ type, identifiers }: Criteria): readonly JsonObject[] {
    if (identifiers === null) return this.#world.all(type);
    return [...new Set(identifiers.flatMap((token) => this.#byIdentifier.get(token) ?? []))];
  }

  #add(token: string, resource: JsonObject): void {
    const others = this.#byIdentifier.get(token);
    if (others === undefined) this.#byIdentifier.set(token, [resource]);
    else others.push(resource);
  }
}
