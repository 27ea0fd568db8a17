import { JSON_DEPTH_MAX } from '../limits.ts';

/** An object whose first value follows its name at once: most systems send JSON so. */
const LOOKS_COMPACT = /^\{"[^"\\]*":\S/;

/** Would become the prototype of an object elsewhere. */
const FORBIDDEN_NAME = '__proto__';

/**
 * The value of a JSON object that is written exactly as `JSON.stringify` writes it, by the
 * runtime's own parser; undefined for every other text, which is to be read in another way. That it
 * is written so is checked, and proves that nothing was lost: a name that is given twice, a number
 * of another form, names that are put in another order and what stands around the value would not
 * be written back. Its strings hold nothing of the text alive, and are quicker to compare and to
 * write.
 */
export function parseCompact(text: string): unknown {
  if (!LOOKS_COMPACT.test(text) || text.includes(FORBIDDEN_NAME)) return undefined;
  const value = parsed(text);
  // Writing goes as deep as the value does.
  if (value === undefined || isTooDeep(value, JSON_DEPTH_MAX)) return undefined;
  return JSON.stringify(value) === text ? value : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isTooDeep(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  if (Array.isArray(value)) {
    for (const each of value) if (isTooDeep(each, depth - 1)) return true;
    return false;
  }
  const object = value as Readonly<Record<string, unknown>>;
  for (const name in object) if (isTooDeep(object[name], depth - 1)) return true;
  return false;
}
