import type { Issue } from '../problem.ts';
import { identifierCodeOf, objectAt, objectsAt, textAt } from './elements.ts';
import type { JsonObject } from './json.ts';

/** The parameters of an operation's request (http://hl7.org/fhir/R4/parameters.html), by name. */
export class ParameterForm {
  /** What was found wrong so far, each with its place. */
  readonly issues: Issue[] = [];
  readonly #body: JsonObject;

  constructor(body: JsonObject) {
    this.#body = body;
  }

  /** The one parameter of a name; null when there is none, or, which is a fault, several. */
  one(name: string): JsonObject | null {
    const found = objectsAt(this.#body, 'parameter').filter(
      (each) => textAt(each, 'name') === name,
    );
    if (found.length > 1) this.fault(name, 'This parameter may be given once.');
    return found.length === 1 ? (found[0] ?? null) : null;
  }

  /** The text of a parameter under one element, such as `valueCode`; null when it is not there. */
  text(name: string, element: 'valueCode' | 'valueString'): string | null {
    const parameter = this.one(name);
    return parameter === null ? null : textAt(parameter, element);
  }

  /**
   * What a parameter names by an identifier of a system: as Identifier, Reference or plain text.
   */
  identified(name: string, system: string): string | null {
    const parameter = this.one(name);
    if (parameter === null) return null;
    const reference = objectAt(parameter, 'valueReference');
    const named = identifierCodeOf({ identifier: parameter.valueIdentifier ?? null }, system);
    const referred = reference && identifierCodeOf(reference, system);
    return textAt(parameter, 'valueString') ?? named ?? referred;
  }

  /** Notes what is wrong with a parameter. */
  fault(name: string, diagnostics: string): void {
    const expression = `Parameters.parameter.where(name='${name}')`;
    this.issues.push({ code: 'value', diagnostics, expression });
  }
}
