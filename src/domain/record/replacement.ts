import { type JsonObject, writeJson } from '../fhir/json.ts';

/** What to put in the place of characters `from` (inclusive) to `to` (exclusive) of a text. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/**
 * How the text of a resource, as `writeJson` writes it, becomes that of another one: from the first
 * element that is not the same value to the last. As little as can be is written for it.
 */
export function replacementIn(text: string, was: JsonObject, is: JsonObject): Replacement {
  const [before, after] = [Object.keys(was), Object.keys(is)];
  const isSame = (one: number, other: number): boolean => {
    const name = before[one];
    return name !== undefined && name === after[other] && was[name] === is[name];
  };
  let first = 0;
  while (isSame(first, first)) first += 1;
  let [end, endAfter] = [before.length, after.length];
  while (end > first && endAfter > first && isSame(end - 1, endAfter - 1)) {
    end -= 1;
    endAfter -= 1;
  }
  const old = elementsText(was, before.slice(first, end));
  const from = placeIn(text, old) ?? placeBefore(text, elementsText(was, before.slice(end)), old);
  return { from, to: from + old.length, by: elementsText(is, after.slice(first, endAfter)) };
}

/** Where elements stand, if nothing else in the text reads the same; null otherwise. */
function placeIn(text: string, elements: string): number | null {
  const place = text.indexOf(elements);
  return elements === '' || text.includes(elements, place + 1) ? null : place;
}

/** Where elements stand that have others behind them, up to the end. */
function placeBefore(text: string, others: string, elements: string): number {
  return text.length - '}'.length - others.length - elements.length;
}

/** Elements as they stand behind others; a resource has its type before all of them. */
function elementsText(of: JsonObject, names: readonly string[]): string {
  let text = '';
  for (const name of names) {
    const value = of[name];
    if (value !== undefined) text += `,${JSON.stringify(name)}:${writeJson(value)}`;
  }
  return text;
}
