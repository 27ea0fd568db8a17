import type { Patch } from '../../fhir/patch/patch.ts';
import type { RecordType } from '../../fhir/resource-types.ts';
import type { VersionCondition } from '../../fhir/version-condition.ts';
import type { ArrivingResource } from '../submission.ts';
import type { Criteria } from './criteria.ts';

/** Which entry is meant: by its id here, or by what it must be like. */
export type EditTarget =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'criteria'; readonly criteria: Criteria };

interface EditCommon {
  readonly type: RecordType;
  /**
   * Where it stands in what was sent, for faults: `Bundle.entry[3]`; empty for a single request.
   */
  readonly at: string;
}

/** A new entry (http://hl7.org/fhir/R4/http.html#create). */
export interface CreateEdit extends EditCommon {
  readonly action: 'create';
  readonly content: ArrivingResource;
  /** `If-None-Exist`: there must be none like this; null when it was not asked. */
  readonly unless: Criteria | null;
  /** What identifies it if it has no identifier. */
  readonly freshKey: string;
}

/** New content for an entry (http://hl7.org/fhir/R4/http.html#update). */
export interface UpdateEdit extends EditCommon {
  readonly action: 'update';
  readonly content: ArrivingResource;
  readonly target: EditTarget;
  readonly ifMatch: VersionCondition | null;
  /** What identifies it if there is none yet, and it has no identifier. */
  readonly freshKey: string;
}

/** A change to an entry (http://hl7.org/fhir/R4/http.html#patch). */
export interface PatchEdit extends EditCommon {
  readonly action: 'patch';
  readonly patch: Patch;
  readonly target: EditTarget;
  readonly ifMatch: VersionCondition | null;
}

/** The withdrawal of an entry (http://hl7.org/fhir/R4/http.html#delete). */
export interface DeleteEdit extends EditCommon {
  readonly action: 'delete';
  readonly target: EditTarget;
  readonly ifMatch: VersionCondition | null;
}

/** One thing that a system asks to be done to one entry of a record. */
export type Edit = CreateEdit | UpdateEdit | PatchEdit | DeleteEdit;

/** The FHIR interactions that change a record. */
export type EditAction = Edit['action'];
