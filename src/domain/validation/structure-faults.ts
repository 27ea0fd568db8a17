import { type Fault, wrongShape } from './fault.ts';

export const OBJECT_EXPECTED = wrongShape('An object is expected here.');
export const LIST_EXPECTED = wrongShape('A list is expected here.');
export const ONE_EXPECTED = wrongShape('A single value is expected here, no list.');
export const NULL = wrongShape(
  'null is only allowed in a list of values, in place of one with extensions.',
);
export const UNALIGNED = wrongShape(
  'The list of values and the list of their extensions differ in length.',
);
export const NO_SIBLING = wrongShape(
  'Only an element with a simple value has an underscore before it.',
);
export const EMPTY_LIST: Fault = {
  rule: 'empty',
  code: 'structure',
  words: 'A list may not be empty.',
};
export const EMPTY: Fault = {
  rule: 'ele-1',
  code: 'invariant',
  words: 'An element must have a value or elements of its own.',
};
export const UNKNOWN: Fault = {
  rule: 'unknown-element',
  code: 'structure',
  words: 'R4 has no such element here.',
};
export const TOO_DEEP: Fault = { rule: 'depth', code: 'too-costly', words: 'It nests too deeply.' };
export const UNKNOWN_TYPE: Fault = {
  rule: 'resource-type',
  code: 'not-supported',
  words: 'A resource of this type is not supported here.',
};
export const IMPLICIT_RULES: Fault = {
  rule: 'implicit-rules',
  code: 'not-supported',
  words: 'Implicit rules are not supported: they may change the meaning of all the rest.',
};
