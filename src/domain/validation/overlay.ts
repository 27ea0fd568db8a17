import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import { isBound } from './binding.ts';
import type { Fault } from './fault.ts';
import { readLiteral } from './literal-reference.ts';
import { matches } from './pattern.ts';
import { notBound } from './presence.ts';
import type { Constraint, Profile, Slice } from './profiles.ts';
import { siblingOf } from './sibling.ts';
import type { Walk } from './walk.ts';

/**
 * Checks what a profile asks beyond R4: the walk over R4's own structure comes first, so values of
 * another shape than theirs are passed over here. Profiles that it derives from are checked too.
 */
export function applyProfile(profile: Profile, value: JsonObject, walk: Walk): void {
  if (profile.base !== null) applyProfile(profile.base, value, walk);
  checkElements(profile.root, value, walk);
}

function checkElements(constraint: Constraint, value: JsonObject, walk: Walk): void {
  for (const [name, child] of constraint.elements) {
    if (walk.isOver) return;
    const values = child.choice ? choicesOf(value, child, walk) : valuesAt(value, name);
    checkCount(values.length, child, child.label, walk, child.name);
    values.forEach((each, index) => {
      walk.enter(child.name, child.list ? index : -1);
      checkValue(child, each, walk);
      walk.leave();
    });
    // Where the whole element is missing, that says it all.
    if (values.length === 0 && child.min > 0) continue;
    for (const slice of child.slices) checkSlice(slice, child, values, walk);
  }
}

function checkSlice(slice: Slice, owner: Constraint, values: readonly Json[], walk: Walk): void {
  let count = 0;
  values.forEach((each, index) => {
    if (!isObject(each) || !slice.discriminators.every((one) => one(each))) return;
    count += 1;
    walk.enter(owner.name, owner.list ? index : -1);
    checkValue(slice.constraint, each, walk);
    walk.leave();
  });
  checkCount(count, slice.constraint, slice.label, walk, owner.name);
}

function checkCount(
  count: number,
  { min, max }: Constraint,
  label: string,
  walk: Walk,
  name: string,
): void {
  if (count < min) {
    const words = min === 1 ? `${label} is required.` : `${label} is required ${min} times.`;
    walk.report({ rule: 'required', code: 'required', words }, name);
  }
  if (count > max) {
    const words = max === 0 ? `${label} is not allowed.` : `${label} is allowed ${max} times.`;
    walk.report({ rule: 'cardinality', code: 'structure', words }, name);
  }
}

function checkValue(constraint: Constraint, value: Json, walk: Walk): void {
  const fault = faultOf(constraint, value);
  if (fault !== null) walk.report(fault);
  if (!isObject(value)) return;
  checkTargets(constraint, value, walk);
  if (constraint.resources !== null) checkResource(constraint.resources, value, walk);
  checkElements(constraint, value, walk);
}

function faultOf({ fixed, pattern, binding, label }: Constraint, value: Json): Fault | null {
  if (fixed !== undefined && !(matches(fixed, value) && matches(value, fixed))) {
    const words = `${label} must be ${JSON.stringify(fixed)}.`;
    return { rule: 'fixed', code: 'value', words };
  }
  if (pattern !== undefined && !matches(pattern, value)) {
    const words = `${label} must have ${JSON.stringify(pattern)}.`;
    return { rule: 'pattern', code: 'value', words };
  }
  if (binding === null) return null;
  const bound =
    typeof value === 'string' ? binding.hasCode(value) : isObject(value) && isBound(value, binding);
  return bound ? null : notBound(binding.name);
}

/** Narrower targets than R4's: by what the reference says, be it literal or by `type`. */
function checkTargets({ targets }: Constraint, value: JsonObject, walk: Walk): void {
  if (targets === null) return;
  const { reference, type } = value;
  const named = typeof type === 'string' ? type : null;
  const literal = typeof reference === 'string' ? readLiteral(reference) : null;
  const leads = literal?.type ?? named;
  if (leads === null || targets.has(leads) || !walk.model.resourceTypes.has(leads)) return;
  const words = `A reference to ${[...targets].join(' or ')} is expected.`;
  walk.report({ rule: 'reference-target', code: 'value', words });
}

function checkResource(
  resources: ReadonlyMap<string, Profile | null>,
  value: JsonObject,
  walk: Walk,
): void {
  const profile = resources.get(value.resourceType as string);
  if (profile === undefined) {
    const words = 'A resource of this type has no place here.';
    walk.report({ rule: 'resource-type', code: 'not-supported', words }, 'resourceType');
  } else if (profile !== null) {
    applyProfile(profile, value, walk);
  }
}

/** The values of an element; of a simple value that is not there its extensions. */
function valuesAt(value: JsonObject, name: string): readonly Json[] {
  const found = value[name] ?? value[siblingOf(name)];
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}

/** The values of a choice, of whichever type; a type that the profile leaves out is reported. */
function choicesOf(value: JsonObject, { name, label, choices }: Constraint, walk: Walk): Json[] {
  const found = Object.keys(value).filter((each) => {
    const next = each.charCodeAt(name.length);
    return next >= 0x41 && next <= 0x5a && each.startsWith(name);
  });
  if (choices !== null && found.some((each) => !choices.has(each))) {
    const words = `${label} may not be given in this type.`;
    walk.report({ rule: 'choice', code: 'structure', words }, name);
  }
  return found.map((each) => value[each] as Json);
}
