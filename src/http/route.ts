import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditAction } from '../domain/audit/entry.ts';
import type { Result } from '../domain/result.ts';
import type { Call, Context } from '../interactions/context.ts';
import type { Released } from '../interactions/released.ts';

/** Where the FHIR base is on this server, whatever its public URL is. */
export const FHIR_PATH = '/FHIR/R4';

/**
 * One FHIR route. The route table is the single source: the server registers it, and the
 * CapabilityStatement and the OpenAPI document are generated from it.
 */
export interface FhirRoute {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Fastify path below the FHIR base, e.g. `/MedicationStatement/:id` or `/$submit-record`. */
  readonly path: string;
  /** A FHIR interaction (`read`, `search-type`, `create`, `update`) or an operation's name. */
  readonly interaction: string;
  /** The resource type, or `System`. */
  readonly type: string;
  readonly action: AuditAction;
  /** One sentence for the OpenAPI document. */
  readonly summary: string;
  /** The section of the specification (or our operation's definition) that it follows. */
  readonly spec: string;
  /** Parses the HTTP request and runs the interaction. */
  readonly handle: Handler;
}

/** What a route does once the caller is known: parse in, call the interaction, hand back. */
export type Handler = (
  context: Context,
  call: Call,
  request: FastifyRequest,
) => Promise<Result<Released>>;

/** A public route (no token): its handler replies by itself. */
export type PublicHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** What a route takes as its body: none, a FHIR resource, or a search form. */
export function bodyOf(route: Pick<FhirRoute, 'method' | 'path'>): 'none' | 'resource' | 'form' {
  if (route.method === 'GET') return 'none';
  return route.path.endsWith('/_search') ? 'form' : 'resource';
}
