import { randomBytes } from 'node:crypto';

/** 96 random bits, in hexadecimal: which attempt wrote a document. */
export function freshNonce(): string {
  return randomBytes(12).toString('hex');
}
