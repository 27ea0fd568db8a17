import { isRawNumber, type Json } from '../fhir/json.ts';

/** Numbers from `low` to `high`, both inclusive; infinite where there is no bound. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

/** A number as a search writes it. */
export interface SearchNumber {
  readonly value: number;
  /** What its digits imply: from `from` (inclusive) to `before` (exclusive). */
  readonly from: number;
  readonly before: number;
  /** Ten per cent to either side, both inclusive: what `ap` takes for about the same. */
  readonly about: Span;
}

/** More digits or larger exponents than these are refused: no measurement needs them. */
const DIGITS_MAX = 40;
const EXPONENT_MAX = 200;

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads a decimal with the range that its digits imply
 * (http://hl7.org/fhir/R4/search.html#number): `100` is [99.5, 100.5), `100.00` is
 * [99.995, 100.005). Bounds are rounded once from exact decimals. Null for what is no number.
 */
export function readNumber(text: string): SearchNumber | null {
  const [, sign = '', whole = '', fraction = '', power] = DECIMAL.exec(text) ?? [];
  const digits = whole + fraction;
  const exponent = Number(power ?? '0') - fraction.length;
  if (digits === '' || digits.length > DIGITS_MAX) return null;
  if (Math.abs(Number(power ?? '0')) > EXPONENT_MAX) return null;
  const units = BigInt(`${sign}${digits}`);
  // R4's example `1e2` is [95, 105): one digit and an exponent are read as two digits.
  const finer = power !== undefined && digits.length === 1 ? 2 : 1;
  const scaled = units * 10n ** BigInt(finer);
  const tenth = units < 0n ? -units : units;
  return {
    value: scale(units, exponent),
    from: scale(scaled - 5n, exponent - finer),
    before: scale(scaled + 5n, exponent - finer),
    about: {
      low: scale(units * 10n - tenth, exponent - 1),
      high: scale(units * 10n + tenth, exponent - 1),
    },
  };
}

function scale(units: bigint, exponent: number): number {
  return Number(`${units}e${exponent}`);
}

/** A number of a resource, be it kept as raw text or not; null for what is no number. */
export function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  return isRawNumber(value) ? Number(value.rawJSON) : null;
}
