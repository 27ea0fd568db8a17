import type { JsonObject } from '../fhir/json.ts';
import type { Fault } from './fault.ts';
import type { ElementModel, TypeModel } from './model.ts';
import type { Rule } from './rules/rule.ts';
import { siblingOf } from './sibling.ts';
import type { Walk } from './walk.ts';

/** Reports every required element that is missing; choices apart. */
export function checkPresence(value: JsonObject, type: TypeModel, walk: Walk): void {
  for (const name of type.required) {
    if (value[name] === undefined && value[siblingOf(name)] === undefined) {
      walk.report(missing(type, name), name);
    }
  }
}

/** Reports required choices that are missing, and choices that are made twice. */
export function checkChoices(present: readonly ElementModel[], type: TypeModel, walk: Walk): void {
  for (const name of type.requiredChoices) {
    if (!present.some((each) => each.name === name)) walk.report(missing(type, name), name);
  }
  if (present.length < 2) return;
  const names = present.map((each) => each.name);
  for (const name of new Set(names)) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) {
      const words = `${type.name}.${name} may be given in one type only.`;
      walk.report({ rule: 'choice', code: 'structure', words }, name);
    }
  }
}

function missing(type: TypeModel, name: string): Fault {
  return { rule: 'required', code: 'required', words: `${type.name}.${name} is required.` };
}

/** Reports every invariant that does not hold. */
export function checkRules(value: JsonObject, rules: readonly Rule[], walk: Walk): void {
  for (const { key, words, holds } of rules) {
    if (!holds(value)) walk.report({ rule: key, code: 'invariant', words });
  }
}

/** The fault of a code outside a required value set. */
export function notBound(name: string): Fault {
  const words = `A code of the value set ${name} is expected.`;
  return { rule: 'binding', code: 'code-invalid', words };
}
