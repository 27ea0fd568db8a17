import type { Issue } from '../problem.ts';
import { DATE } from './date-kind.ts';
import type { Component, Parameter, ParameterType } from './definition.ts';
import { elementsAt } from './elements-at.ts';
import { splitValue } from './escapes.ts';
import { type Asked, type ElementTest, type Kind, modifierFault, valueFault } from './kind.ts';
import { NUMBER } from './number-kind.ts';
import { QUANTITY } from './quantity-kind.ts';
import { REFERENCE } from './reference-kind.ts';
import { STRING } from './string-kind.ts';
import { TOKEN } from './token-kind.ts';
import { URI } from './uri-kind.ts';

const KINDS: Readonly<Record<Exclude<ParameterType, 'composite'>, Kind>> = {
  date: DATE,
  number: NUMBER,
  quantity: QUANTITY,
  reference: REFERENCE,
  string: STRING,
  token: TOKEN,
  uri: URI,
};

/** How parameters of a type are read; null for composites, whose parts have types of their own. */
export function kindOf(type: ParameterType): Kind | null {
  return type === 'composite' ? null : KINDS[type];
}

/** Understands one alternative of a parameter's value, still escaped. */
export function readTest(text: string, parameter: Parameter, asked: Asked): ElementTest | Issue {
  const kind = kindOf(parameter.type);
  return kind === null ? readComposite(text, parameter, asked) : kind.read(text, asked);
}

/**
 * A composite (http://hl7.org/fhir/R4/search.html#composite): its parts, `$` between them, must
 * hold of one and the same element.
 */
function readComposite(text: string, { components }: Parameter, asked: Asked): ElementTest | Issue {
  if (asked.modifier !== null) return modifierFault(asked);
  const texts = splitValue(text, '$');
  if (texts.length !== components.length) {
    return valueFault(asked, `does not have ${components.length} parts with $ between them`);
  }
  const tests: ElementTest[] = [];
  for (const [index, component] of components.entries()) {
    const test = readComponent(texts[index] ?? '', component, asked);
    if (typeof test !== 'function') return test;
    tests.push(test);
  }
  return (element, path, place) => tests.every((test) => test(element, path, place));
}

function readComponent(
  text: string,
  { type, paths }: Component,
  asked: Asked,
): ElementTest | Issue {
  if (text === '') return valueFault(asked, 'has an empty part');
  const kind = kindOf(type);
  if (kind === null) throw new Error('INVARIANT: a composite is made of simple parameters');
  const parameter = { name: asked.parameter.name, paths, targets: [] };
  const test = kind.read(text, { ...asked, parameter });
  if (typeof test !== 'function') return test;
  return (element, _path, place) =>
    paths.some((path) => elementsAt(path, element, place).some((each) => test(each, path, place)));
}
