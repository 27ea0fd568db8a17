import { type Fault, wrongShape } from './fault.ts';
import { isAllowedAttribute, isAllowedElement } from './narrative-vocabulary.ts';

const NOT_TEXT = wrongShape('A text is expected here.');
const ROOT = fault('txt-1', 'The narrative must be one div in the namespace of XHTML.');
const UNFORMED = fault('txt-1', 'The narrative is not well formed.');
const ELEMENT = fault('txt-1', 'The narrative holds an element that FHIR does not allow.');
const ATTRIBUTE = fault('txt-1', 'The narrative holds an attribute that FHIR does not allow.');
const BLANK = fault('txt-2', 'The narrative shows nothing.');
const TOO_DEEP = fault('txt-1', 'The narrative nests too deeply.');

const DEPTH_MAX = 256;

const TEXT = /[^<&]+/y;
const ENTITY = /&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});/y;
const TAG =
  /<(\/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTES = /([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const DIV = /^\s*<div\s[^>]*\bxmlns\s*=\s*["']http:\/\/www\.w3\.org\/1999\/xhtml["']/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/**
 * A coarse filter for narrative (invariants txt-1 and txt-2,
 * http://hl7.org/fhir/R4/narrative.html): one well-formed div of the elements and attributes that
 * FHIR allows, without scripts, event handlers, forms or anything that is fetched and run. One
 * pass, in linear time.
 */
export function checkNarrative(value: unknown): Fault | null {
  if (typeof value !== 'string') return NOT_TEXT;
  if (!DIV.test(value)) return ROOT;
  if (CONTROLS.test(value) || !value.isWellFormed()) return UNFORMED;
  return new NarrativeReader(value).read();
}

class NarrativeReader {
  readonly #text: string;
  readonly #opened: string[] = [];
  #at = 0;
  #ended = false;
  #shows = false;

  constructor(text: string) {
    this.#text = text.trim();
  }

  read(): Fault | null {
    while (this.#at < this.#text.length) {
      const found = this.#next();
      if (found !== null) return found;
    }
    if (!this.#ended) return UNFORMED;
    return this.#shows ? null : BLANK;
  }

  #next(): Fault | null {
    if (this.#ended) return UNFORMED;
    if (this.#text.startsWith('<!--', this.#at)) return this.#comment();
    const start = this.#at;
    if (this.#skip(TEXT)) {
      this.#shows ||= /\S/.test(this.#text.slice(start, this.#at));
      return null;
    }
    if (this.#skip(ENTITY)) {
      this.#shows = true;
      return null;
    }
    TAG.lastIndex = start;
    const tag = TAG.exec(this.#text);
    this.#at = TAG.lastIndex;
    if (tag === null) return UNFORMED;
    const name = tag[2] ?? '';
    return tag[1] === '/' ? this.#close(name) : this.#enter(name, tag[3] ?? '', tag[4] === '/');
  }

  #comment(): Fault | null {
    const end = this.#text.indexOf('-->', this.#at);
    this.#at = end + 3;
    return end === -1 ? UNFORMED : null;
  }

  #enter(name: string, attributes: string, alone: boolean): Fault | null {
    if (!isAllowedElement(name)) return ELEMENT;
    if (attributes !== '' && !areAllowed(name, attributes)) return ATTRIBUTE;
    this.#shows ||= name === 'img';
    if (!alone) this.#opened.push(name);
    this.#ended = this.#opened.length === 0;
    return this.#opened.length > DEPTH_MAX ? TOO_DEEP : null;
  }

  #close(name: string): Fault | null {
    if (this.#opened.pop() !== name) return UNFORMED;
    this.#ended = this.#opened.length === 0;
    return null;
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.test(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }
}

function areAllowed(element: string, attributes: string): boolean {
  for (const [, name = '', double, single] of attributes.matchAll(ATTRIBUTES)) {
    if (!isAllowedAttribute(element, name, double ?? single ?? '')) return false;
  }
  return true;
}

function fault(rule: string, words: string): Fault {
  return { rule, code: 'invariant', words };
}
