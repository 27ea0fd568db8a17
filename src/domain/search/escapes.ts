/** A separator that R4 gives a meaning inside a parameter's value. */
export type Separator = ',' | '$' | '|';

/** Splits at every separator that no backslash precedes; the parts stay escaped. At least one. */
export function splitValue(text: string, separator: Separator): readonly string[] {
  if (!text.includes(separator)) return [text];
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

/** What a part says once `\,`, `\|`, `\$` and `\\` are read. */
export function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(ESCAPE, '$1') : text;
}

/**
 * Whether every backslash stands before something that can be escaped: `xx\xx` is illegal
 * (http://hl7.org/fhir/R4/search.html#escaping).
 */
export function isEscapedWell(text: string): boolean {
  return !text.replace(ESCAPE, '').includes('\\');
}

const ESCAPE = /\\([,|$\\])/g;
