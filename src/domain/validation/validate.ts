import type { JsonObject } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import type { ValueSetTable } from './binding.ts';
import modelTable from './model.json' with { type: 'json' };
import { buildModel, type Model } from './model.ts';
import { applyProfile } from './overlay.ts';
import { profileFor } from './profile-policy.ts';
import profileTable from './profiles.json' with { type: 'json' };
import { buildProfiles, type Profile, type Profiles, type ProfileTable } from './profiles.ts';
import { walkResource } from './structure.ts';
import valueSetTable from './value-sets.json' with { type: 'json' };
import { Walk } from './walk.ts';

/** How a resource is validated. */
export interface ValidateOptions {
  /**
   * The canonical URL of a profile: one of ours, or
   * `http://hl7.org/fhir/StructureDefinition/[type]` for R4 alone. Without one the server's policy
   * decides by type (`profileFor`); what the resource claims in `meta.profile` is never trusted.
   */
  readonly profile?: string;
  /** Where the resource is, as a FHIRPath; its type when it is by itself. */
  readonly at?: string;
}

const R4 = 'http://hl7.org/fhir/StructureDefinition/';

/** Built on first use, once: starting the server does not wait for it. */
let loaded: { readonly model: Model; readonly profiles: Profiles } | null = null;

function tables(): { readonly model: Model; readonly profiles: Profiles } {
  if (loaded !== null) return loaded;
  const valueSets: Readonly<Record<string, ValueSetTable>> = valueSetTable;
  const profiles = profileTable as Readonly<Record<string, ProfileTable>>;
  loaded = {
    model: buildModel({ types: modelTable, valueSets }),
    profiles: buildProfiles(profiles, valueSets),
  };
  return loaded;
}

/**
 * Everything that is wrong with a resource against FHIR R4 and a profile, in one pass and linear
 * time: structure, cardinality, value sets, invariants, references, narrative, NHS numbers. Each
 * issue has its rule, plain words without any of the content, and a FHIRPath; at most `ISSUES_MAX`
 * and one that says that there are more. None means valid.
 */
export function validate(resource: JsonObject, options: ValidateOptions = {}): readonly Issue[] {
  const { model, profiles } = tables();
  const walk = new Walk(model, profiles, options.at ?? rootOf(resource, model));
  walkResource(resource, walk);
  const profile = profileOf(resource, options.profile, profiles, walk);
  if (profile !== null) applyProfile(profile, resource, walk);
  return walk.issues;
}

/** What R4 makes the validated types of. */
export function validationModel(): Model {
  return tables().model;
}

/** Whether `validate` can be asked for this profile. */
export function isKnownProfile(url: string): boolean {
  const { model, profiles } = tables();
  return profiles.byUrl.has(url) || (url.startsWith(R4) && model.types.has(url.slice(R4.length)));
}

function rootOf({ resourceType }: JsonObject, model: Model): string {
  const type = model.types.get(resourceType as string);
  return type?.isResource ? type.name : 'Resource';
}

function profileOf(
  { resourceType }: JsonObject,
  asked: string | undefined,
  profiles: Profiles,
  walk: Walk,
): Profile | null {
  const url = asked ?? profileFor(resourceType as string);
  if (url === null) return null;
  const type = url.startsWith(R4) ? url.slice(R4.length) : profiles.byUrl.get(url)?.type;
  if (type === undefined || type !== resourceType) {
    const words = 'The profile asked for is not known, or is not one of this type.';
    walk.report({ rule: 'profile', code: 'not-supported', words });
  }
  return type === resourceType ? (profiles.byUrl.get(url) ?? null) : null;
}
