import type { Json } from '../../../src/domain/fhir/json.ts';

/** Stands for an element that is taken away. */
export const GONE = Symbol('gone');

/**
 * A valid example, broken in one place: what is put where, the rule that it breaks, and the
 * FHIRPath that the issue must give; without one, it is the place itself.
 */
export type Mutant = readonly [at: string, value: Json | typeof GONE, rule: string, place?: string];
