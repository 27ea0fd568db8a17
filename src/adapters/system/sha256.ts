import { hash } from 'node:crypto';

/** SHA-256 of a text as UTF-8, in hexadecimal digits (FIPS 180-4). */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
