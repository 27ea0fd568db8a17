import type { IncomingHttpHeaders } from 'node:http';
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
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Fastify path below the FHIR base, e.g. `/MedicationStatement/:id` or `/$submit-record`. */
  readonly path: string;
  /** A FHIR interaction (`read`, `search-type`, `create`, `update`) or an operation's name. */
  readonly interaction: string;
  /** Another interaction of the same path and method, told apart by the body. */
  readonly alternative?: string;
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
  request: FhirRequest,
) => Promise<Result<Released>>;

/** A request as far as handlers care: one of the network, or an entry of a Bundle. */
export interface FhirRequest {
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The parts of the path that the route names. */
  readonly params: unknown;
  /** The bytes of the body; undefined or null when there is none. */
  readonly body: unknown;
}

/** A public route (no token): its handler replies by itself. */
export type PublicHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** What a route may take as its body. */
export type BodyKind = 'none' | 'resource' | 'form' | 'patch';

/** What a route takes as its body: none, a FHIR resource, a search form, or a patch. */
export function bodyOf({ method, path }: Pick<FhirRoute, 'method' | 'path'>): BodyKind {
  if (method === 'GET' || method === 'DELETE') return 'none';
  if (method === 'PATCH') return 'patch';
  return path.endsWith('/_search') ? 'form' : 'resource';
}

/** Whether a route changes one entry of a record: what comes back is then for the caller to say. */
export function isEdit({ interaction }: Pick<FhirRoute, 'interaction'>): boolean {
  return ['create', 'update', 'patch', 'delete'].includes(interaction);
}
