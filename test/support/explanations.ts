import type { LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import { parametersOf } from './parameters.ts';

/** What is asked of `$explain-access`. */
export interface Question {
  readonly patient?: string;
  readonly role?: string;
  readonly organization?: string | null;
  readonly purpose?: string;
  readonly relationship?: boolean;
}

/** By default a clinician at RX1 is asked about; an organisation of null is left out. */
export function question({
  patient,
  role,
  organization: ods = 'RX1',
  purpose,
  relationship,
}: Question) {
  return parametersOf({
    patient: { valueReference: { reference: patient } },
    role: { valueCode: role ?? 'clinician' },
    ...(ods === null ? {} : { organization: { valueString: ods } }),
    ...(purpose === undefined ? {} : { purpose: { valueCode: purpose } }),
    ...(relationship === undefined ? {} : { relationship: { valueBoolean: relationship } }),
  });
}

interface Part {
  readonly name: string;
  readonly part?: readonly Part[];
  readonly [value: `value${string}`]: unknown;
}

/** One entry of an explanation. */
export interface ExplainedEntry {
  readonly reference: string;
  readonly disclosed: unknown;
  readonly rule: unknown;
  readonly reason: unknown;
}

function partsIn(answer: LightMyRequestResponse, name: string): readonly Part[] {
  const { parameter } = answer.json() as { parameter: readonly Part[] };
  return parameter.filter((each) => each.name === name);
}

function valueIn(parts: readonly Part[] | undefined, name: string): unknown {
  const found = parts?.find((each) => each.name === name) ?? {};
  const [, value] = Object.entries(found).find(([key]) => key.startsWith('value')) ?? [];
  return value ?? null;
}

/** The value of the one parameter of a name; null when there is none. */
export function theOne(answer: LightMyRequestResponse, name: string): unknown {
  return valueIn(partsIn(answer, name), name);
}

/** `permitted`, `refused` or `nothing-found`. */
export function decisionIn(answer: LightMyRequestResponse): unknown {
  return theOne(answer, 'decision');
}

/** How many entries each rule withholds; every rule says why. */
export function rulesIn(answer: LightMyRequestResponse): Record<string, unknown> {
  const rules = partsIn(answer, 'rule').map(({ part }) => {
    expect(valueIn(part, 'reason')).toMatch(/^[A-Z].{10,}\.$/);
    return [String(valueIn(part, 'id')), valueIn(part, 'withheld')];
  });
  return Object.fromEntries(rules);
}

/** The entries that an explanation names. */
export function entriesIn(answer: LightMyRequestResponse): readonly ExplainedEntry[] {
  return partsIn(answer, 'entry').map(({ part }) => ({
    reference: (valueIn(part, 'reference') as { reference: string }).reference,
    disclosed: valueIn(part, 'disclosed'),
    rule: valueIn(part, 'rule'),
    reason: valueIn(part, 'reason'),
  }));
}
