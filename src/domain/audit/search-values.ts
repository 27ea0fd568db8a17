/** A token as a search writes it: `[system]|[value]`; a null system means any. */
export interface Token {
  readonly system: string | null;
  readonly value: string;
}

/**
 * The alternatives of a search value, which commas part; still escaped
 * (http://hl7.org/fhir/R4/search.html#escaping). Always at least one, which may be empty.
 */
export function alternatives(value: string): readonly string[] {
  return splitAt(value, ',');
}

/** One alternative as a token; `|value` is a value without a system, whose system here is empty. */
export function tokenOf(alternative: string): Token {
  const [first = '', ...rest] = splitAt(alternative, '|');
  if (rest.length === 0) return { system: null, value: unescaped(first) };
  return { system: unescaped(first), value: unescaped(rest.join('|')) };
}

/** What an alternative says once `\,`, `\|`, `\$` and `\\` are read. */
export function unescaped(text: string): string {
  return text.replace(/\\([,|$\\])/g, '$1');
}

/** Splits at every separator that no backslash precedes. */
function splitAt(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') {
      at++;
    } else if (text[at] === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
