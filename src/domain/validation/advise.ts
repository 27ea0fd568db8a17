import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import adviceTable from './advice.json' with { type: 'json' };
import { type Binding, bindingOf, isBound, type ValueSetTable } from './binding.ts';
import type { ElementModel, Model, TypeModel } from './model.ts';
import { profileFor } from './profile-policy.ts';
import { validationModel } from './validate.ts';
import { ISSUES_MAX } from './walk.ts';

/** By `Type.element`: `extensible` or `preferred`, and the name of the value set. */
type Advice = Readonly<Record<string, string>>;

const BY_PROFILE: Readonly<Record<string, Advice>> = adviceTable.profiles;
const R4: Advice = adviceTable.elements;

/**
 * Where a code would better be one of the value set that R4, or a profile of ours, names for its
 * element (http://hl7.org/fhir/R4/terminologies.html#strength): advice, which keeps nothing from
 * being written. A place of another shape than R4's is passed over. For `$validate` alone: it is
 * loaded when that is asked for.
 */
export function advise(resource: JsonObject, profile?: string): readonly Issue[] {
  const adviser = new Adviser(validationModel());
  adviser.resource(resource, String(resource.resourceType), profile);
  return adviser.issues.slice(0, ISSUES_MAX);
}

class Adviser {
  readonly issues: Issue[] = [];
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
  }

  resource(resource: JsonObject, at: string, profile?: string): void {
    const type = this.#model.types.get(String(resource.resourceType));
    if (type?.isResource !== true) return;
    this.#object(resource, type, at, BY_PROFILE[profile ?? profileFor(type.name) ?? ''] ?? {});
  }

  #object(value: JsonObject, type: TypeModel, at: string, ofProfile: Advice): void {
    for (const [name, child] of Object.entries(value)) {
      const element = type.elements.get(name);
      if (element === undefined || child === undefined || this.issues.length >= ISSUES_MAX)
        continue;
      const path = `${type.name}.${element.name}`;
      const advice = ofProfile[path] ?? R4[path];
      const place = `${at}.${element.name}`;
      if (!Array.isArray(child)) this.#value(child, element, place, advice, ofProfile);
      else {
        child.forEach((each, index) => {
          this.#value(each, element, `${place}[${index}]`, advice, ofProfile);
        });
      }
    }
  }

  #value(
    value: Json,
    { type, typeName }: ElementModel,
    at: string,
    advice: string | undefined,
    ofProfile: Advice,
  ): void {
    if (advice !== undefined && CODED.includes(typeName)) this.#code(value, at, advice);
    if (!isObject(value)) return;
    if (type === null) this.resource(value, at);
    else if (type.name === 'Extension') {
      this.#object(value, type, at, BY_PROFILE[String(value.url)] ?? {});
    } else this.#object(value, type, at, ofProfile);
  }

  #code(value: Json, at: string, advice: string): void {
    const [strength = '', name = ''] = advice.split(' ');
    const binding = valueSetNamed(name);
    const isMet = isObject(value)
      ? isBound(value, binding) || isLeftToText(value, strength)
      : typeof value !== 'string' || binding.hasCode(value);
    if (isMet) return;
    const diagnostics =
      strength === 'extensible'
        ? `A code of the value set ${name} is expected, unless none of them fits.`
        : `A code of the value set ${name} is preferred.`;
    this.issues.push({ code: 'code-invalid', diagnostics, expression: at, rule: strength });
  }
}

const CODED = ['code', 'Coding', 'CodeableConcept'];

/** A concept in words alone: where codes are merely preferred, that is as good as another code. */
function isLeftToText(value: JsonObject, strength: string): boolean {
  return strength === 'preferred' && value.coding === undefined && value.code === undefined;
}

const BINDINGS = new Map<string, Binding>();

function valueSetNamed(name: string): Binding {
  const known = BINDINGS.get(name);
  if (known !== undefined) return known;
  const table = (adviceTable.valueSets as Readonly<Record<string, ValueSetTable>>)[name];
  if (table === undefined) throw new Error(`INVARIANT: there is no value set ${name}`);
  const binding = bindingOf(name, table);
  BINDINGS.set(name, binding);
  return binding;
}
