import { isObject, type Json } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import type { Path } from './definition.ts';
import { isEscapedWell, unescaped } from './escapes.ts';
import { fold, soundOf, wordsOf } from './fold.ts';
import { type Asked, type ElementTest, type Kind, modifierFault, valueFault } from './kind.ts';

/**
 * String parameters (http://hl7.org/fhir/R4/search.html#string): the beginning of a text, its
 * modifiers `:contains` and `:exact`; names and addresses by each of their parts.
 */
export const STRING: Kind = {
  read: readString,
  sortValues: (element, path) => textsOf(element, path).map(fold),
};

function readString(text: string, asked: Asked): ElementTest | Issue {
  if (!isEscapedWell(text)) return valueFault(asked, 'has a backslash that escapes nothing');
  const wanted = unescaped(text);
  if (asked.modifier === 'exact') return anyText((each) => each === wanted);
  const folded = fold(wanted);
  // Without this, a value of punctuation alone would be the beginning of everything.
  if (folded === '') return valueFault(asked, 'has no letter or digit to look for');
  if (asked.modifier === 'contains') return anyText((each) => fold(each).includes(folded));
  if (asked.modifier !== null) return modifierFault(asked);
  const begins = (each: string): boolean => fold(each).startsWith(folded);
  if (asked.parameter.name !== 'phonetic') return anyText(begins);
  const sound = soundOf(wanted);
  const isAlike = (word: string): boolean => sound !== '' && soundOf(word) === sound;
  return anyText((each) => begins(each) || wordsOf(each).some(isAlike));
}

function anyText(test: (text: string) => boolean): ElementTest {
  return (element, path) => textsOf(element, path).some(test);
}

/** Whether a text begins as wanted once both are folded: what `:text` of a token does. */
export function beginsWith(text: string, folded: string): boolean {
  return fold(text).startsWith(folded);
}

const HUMAN_NAME = ['text', 'family', 'given', 'prefix', 'suffix'];
const ADDRESS = ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'];

function textsOf(element: Json, path: Path): readonly string[] {
  if (typeof element === 'string') {
    return path.steps.at(-1)?.name === 'family' ? withWords(element) : [element];
  }
  if (!isObject(element)) return [];
  const names = path.dataType === 'HumanName' ? HUMAN_NAME : ADDRESS;
  return names.flatMap((name) => {
    const texts = [element[name]].flat().filter((each) => typeof each === 'string');
    return name === 'family' ? texts.flatMap(withWords) : texts;
  });
}

/** A family name, and each of its words: either half of a double name is searched for by itself. */
function withWords(family: string): readonly string[] {
  const words = wordsOf(family);
  return words.length > 1 ? [family, ...words] : [family];
}
