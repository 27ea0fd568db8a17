import { JSON_DEPTH_MAX } from '../limits.ts';
import { type Problem, problem } from '../problem.ts';
import { fail, type Result, succeed } from '../result.ts';
import { parseCompact } from './compact-json.ts';

/**
 * A JSON value as it was written: a number that JavaScript would write otherwise is kept as raw
 * text.
 */
export type Json = null | boolean | number | string | RawNumber | readonly Json[] | JsonObject;

/** A JSON object; element order is the order in which it was written. */
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/**
 * A number literal such as `1.00`, which `JSON.stringify` writes as it was read (FHIR: precision
 * matters).
 */
export interface RawNumber {
  readonly rawJSON: string;
}

/**
 * The part of `JSON` that TypeScript does not describe yet (ECMAScript JSON.parse source text
 * access).
 */
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(literal: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
};

/** Whether a value is a number literal kept as raw text. */
export function isRawNumber(value: unknown): value is RawNumber {
  return isRawJSON(value);
}

/** Whether a value is a JSON object: neither a list nor null nor a raw number. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value);
}

/** Writes a value as JSON text, numbers as they were read and elements in their order. */
export function writeJson(value: Json): string {
  return JSON.stringify(value);
}

/** Lists of a document whose text matters: where they are, and what is to be done about them. */
export interface ListWatch {
  /** The name of the element that holds them. */
  readonly name: string;
  /** How many objects and lists are around them. */
  readonly depth: number;
  /**
   * Where the list that begins at `start` ends, when that is known for certain; null when it is to
   * be read. A list that is known is not read: `KNOWN_LIST` stands in its place.
   */
  endOf(text: string, start: number): number | null;
  /** A list that was read stood from `start` to `end`. */
  read(list: Json, start: number, end: number): void;
}

/** Stands for a list that was not read; nothing else is this object. */
export const KNOWN_LIST: readonly Json[] = Object.freeze([]);

/**
 * Parses JSON text (RFC 8259) strictly and without loss: duplicate names, `__proto__`, nesting
 * deeper than `JSON_DEPTH_MAX` and anything after the value are `malformed`, with the offset in
 * characters. Messages never hold content.
 */
export function parseJson(text: string, watch: ListWatch | null = null): Result<Json> {
  const compact = watch === null ? (parseCompact(text) as Json | undefined) : undefined;
  if (compact !== undefined) return succeed(compact);
  const reader = new Reader(text, watch);
  try {
    return succeed(reader.document());
  } catch (fault) {
    if (fault instanceof JsonFault) return fail(malformed(fault));
    throw fault;
  }
}

function malformed(fault: JsonFault): Problem {
  const where = `at character ${fault.offset}`;
  return problem('malformed', 'structure', `The body is not JSON: ${fault.message} ${where}.`);
}

/** Leaves the recursion; never leaves this module. */
class JsonFault extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// A string without escapes, the common case: from the opening quote to the closing one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them inside strings.
const PLAIN_STRING = /"[^"\\\u0000-\u001f]*"/y;
// A string with escapes is read in steps: one pattern for all of it would need a backtracking stack
// as long as the string.
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them inside strings.
const PLAIN_PART = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const CLOSING_BRACE = 0x7d;
const CLOSING_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

class Reader {
  readonly #text: string;
  readonly #watch: ListWatch | null;
  #at = 0;
  #depth = 0;

  constructor(text: string, watch: ListWatch | null) {
    this.#text = text;
    this.#watch = watch;
  }

  document(): Json {
    const value = this.#value();
    this.#blanks();
    if (this.#at !== this.#text.length) throw this.#fault('there is more after its end');
    return value;
  }

  #value(): Json {
    this.#blanks();
    switch (this.#text.charCodeAt(this.#at)) {
      case 0x7b:
        return this.#object();
      case 0x5b:
        return this.#list();
      case 0x22:
        return this.#string();
      case 0x74:
        return this.#word('true', true);
      case 0x66:
        return this.#word('false', false);
      case 0x6e:
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  /** Goes in behind the opening bracket; `leave` goes out again. */
  #enter(): void {
    if (++this.#depth > JSON_DEPTH_MAX) throw this.#fault('it nests too deeply');
    this.#at++;
  }

  #leave<T>(value: T): T {
    this.#depth--;
    return value;
  }

  #object(): JsonObject {
    const object: Record<string, Json> = {};
    this.#enter();
    if (this.#take(CLOSING_BRACE)) return this.#leave(object);
    do {
      const name = this.#name();
      if (Object.hasOwn(object, name)) throw this.#fault('a name is given twice in one object');
      if (!this.#take(COLON)) throw this.#fault('a colon is missing');
      object[name] = name === this.#watch?.name ? this.#watched(this.#watch) : this.#value();
    } while (this.#take(COMMA));
    if (!this.#take(CLOSING_BRACE)) throw this.#fault('an object does not end');
    return this.#leave(object);
  }

  #watched(watch: ListWatch): Json {
    this.#blanks();
    const start = this.#at;
    if (this.#depth !== watch.depth || this.#text[start] !== '[') return this.#value();
    const end = watch.endOf(this.#text, start);
    if (end !== null) {
      this.#at = end;
      return KNOWN_LIST;
    }
    const list = this.#value();
    watch.read(list, start, this.#at);
    return list;
  }

  #name(): string {
    this.#blanks();
    const name = this.#string();
    // Assigning it would change the object's prototype instead of adding an element.
    if (name === '__proto__') throw this.#fault('a name is not allowed');
    return name;
  }

  #list(): Json[] {
    const list: Json[] = [];
    this.#enter();
    if (this.#take(CLOSING_BRACKET)) return this.#leave(list);
    do list.push(this.#value());
    while (this.#take(COMMA));
    if (!this.#take(CLOSING_BRACKET)) throw this.#fault('a list does not end');
    return this.#leave(list);
  }

  #string(): string {
    const start = this.#at;
    if (this.#skip(PLAIN_STRING)) return this.#text.slice(start + 1, this.#at - 1);
    if (this.#text[start] !== '"' || !this.#skipToClosingQuote()) {
      this.#at = start;
      throw this.#fault('a string is expected or is not well formed');
    }
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #skipToClosingQuote(): boolean {
    this.#at++;
    do this.#skip(PLAIN_PART);
    while (this.#skip(ESCAPE));
    return this.#text[this.#at++] === '"';
  }

  #number(): number | RawNumber {
    const start = this.#at;
    if (!this.#skip(NUMBER)) throw this.#fault('a value is expected');
    const literal = this.#text.slice(start, this.#at);
    const number = Number(literal);
    return String(number) === literal ? number : rawJSON(literal);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#fault('a value is expected');
    this.#at += word.length;
    return value;
  }

  /** Goes behind what a pattern matches here; whether it does. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #take(character: number): boolean {
    this.#blanks();
    if (this.#text.charCodeAt(this.#at) !== character) return false;
    this.#at++;
    return true;
  }

  #blanks(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #fault(message: string): JsonFault {
    return new JsonFault(message, this.#at);
  }
}
