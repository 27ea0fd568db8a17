/**
 * A text as string searches compare it (http://hl7.org/fhir/R4/search.html#string): without case,
 * accents, punctuation and superfluous white space.
 */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toUpperCase();
  return text.normalize('NFKD').replace(IGNORED, '').toUpperCase().replace(WHITE, ' ').trim();
}

const PLAIN = /^(?:[A-Za-z0-9]+(?: [A-Za-z0-9]+)*)?$/;
const IGNORED = /[\p{M}\p{P}]/gu;
const WHITE = /\s+/g;

/** The words of a name, which blanks and hyphens part: each is searched by itself. */
export function wordsOf(name: string): readonly string[] {
  return name.split(BETWEEN_WORDS).filter((word) => word !== '');
}

const BETWEEN_WORDS = /[\s\p{Pd}]+/u;

/**
 * How a word sounds, by American Soundex: a letter and three digits. Empty for a word that does not
 * begin with a letter of the Latin alphabet.
 */
export function soundOf(word: string): string {
  const letters = fold(word).replace(NOT_LATIN, '');
  const first = letters[0];
  if (first === undefined) return '';
  let sound = first;
  let last = CODES[first];
  for (const letter of letters.slice(1)) {
    const code = CODES[letter];
    if (code !== undefined && code !== last) sound += code;
    // H and W do not part two letters of one code; vowels do.
    if (letter !== 'H' && letter !== 'W') last = code;
  }
  return sound.slice(0, 4).padEnd(4, '0');
}

const NOT_LATIN = /[^A-Z]/g;

const CODES: Readonly<Record<string, string>> = Object.fromEntries(
  ['BFPV', 'CGJKQSXZ', 'DT', 'L', 'MN', 'R'].flatMap((letters, index) =>
    [...letters].map((letter) => [letter, String(index + 1)]),
  ),
);
