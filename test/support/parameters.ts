import type { LightMyRequestResponse } from 'fastify';

/** A Parameters resource of these values: each element name is `value[x]`'s own. */
export function parametersOf(values: Readonly<Record<string, object>>): object {
  const parameter = Object.entries(values).map(([name, value]) => ({ name, ...value }));
  return { resourceType: 'Parameters', parameter };
}

/** The Parameters resource that claims a relationship. */
export function claimOf(nhsNumber: string, reason: string): object {
  return parametersOf({ nhsNumber: { valueString: nhsNumber }, reason: { valueCode: reason } });
}

/** An AuditEvent as far as tests look at it. */
export interface Event {
  readonly id: string;
  readonly text?: { readonly div: string };
  readonly subtype: readonly { readonly code: string }[];
  readonly entity: readonly {
    readonly what?: { readonly reference?: string };
    readonly name?: string;
    readonly detail?: readonly { readonly type: string; readonly valueString: string }[];
  }[];
}

/** The AuditEvents of a searchset, in their order. */
export function eventsIn(answer: LightMyRequestResponse): readonly Event[] {
  const { entry = [] } = answer.json() as { entry?: readonly { resource: Event }[] };
  return entry.map(({ resource }) => resource);
}
