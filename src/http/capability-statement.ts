import { isRecordType } from '../domain/fhir/resource-types.ts';
import { isSearchable, SEARCHES } from '../domain/search/search-table.ts';
import { profileFor } from '../domain/validation/profile-policy.ts';
import type { FhirRoute } from './route.ts';

/** What the statement says of this deployment. */
export interface Deployment {
  readonly baseUrl: string;
  readonly version: string;
  /** When this process started, as an instant. */
  readonly startedAt: string;
  /** Whether pages of some origin may call from a browser. */
  readonly cors: boolean;
}

const SECURITY_SERVICE = 'http://terminology.hl7.org/CodeSystem/restful-security-service';

/**
 * The CapabilityStatement (http://hl7.org/fhir/R4/capabilitystatement.html), generated from the
 * route table and the search table that the server runs on: it cannot claim more or less.
 */
export function capabilityStatement(routes: readonly FhirRoute[], deployment: Deployment): object {
  return {
    resourceType: 'CapabilityStatement',
    name: 'SummaryCareRecord',
    title: 'Summary Care Record',
    status: 'active',
    date: deployment.startedAt,
    kind: 'instance',
    software: { name: 'scr-server', version: deployment.version },
    implementation: {
      description: 'A self-hosted Summary Care Record',
      url: deployment.baseUrl,
    },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        security: security(deployment.cors),
        resource: resourceTypes(routes).map((type) => resource(type, routes)),
        interaction: systemInteractions(routes).map((code) => ({ code })),
        operation: operationsOn('System', routes),
      },
    ],
  };
}

/** The resource types that have routes, in the order of the table. */
function resourceTypes(routes: readonly FhirRoute[]): readonly string[] {
  const types = routes.filter((route) => !isOperation(route)).map(({ type }) => type);
  return [...new Set(types)].filter((type) => type !== 'System');
}

/** The interactions on the whole server, operations apart. */
function systemInteractions(routes: readonly FhirRoute[]): readonly string[] {
  const own = routes.filter((route) => route.type === 'System' && !isOperation(route));
  return [
    ...new Set(
      own.flatMap(({ interaction, alternative = [] }) => [interaction, alternative].flat()),
    ),
  ];
}

/** Whether a route is an operation (`/$name`) and not an ordinary FHIR interaction. */
export function isOperation({ path }: Pick<FhirRoute, 'path'>): boolean {
  return path.includes('/$');
}

function security(cors: boolean): object {
  return {
    cors,
    service: [{ coding: [{ system: SECURITY_SERVICE, code: 'SMART-on-FHIR' }] }],
    description:
      'Bearer tokens with SMART App Launch 2.2 scopes and the IHE IUA claims that say who is ' +
      'calling, for which organisation, in which role and for what purpose.',
  };
}

function resource(type: string, routes: readonly FhirRoute[]): object {
  const own = routes.filter((route) => route.type === type && !isOperation(route));
  const codes = [...new Set(own.map(({ interaction }) => interaction))];
  const offers = (interaction: string, path: string): boolean =>
    own.some((route) => route.interaction === interaction && route.path === path);
  const profile = isRecordType(type) ? profileFor(type) : null;
  return {
    type,
    ...(profile === null ? {} : { profile }),
    interaction: codes.map((code) => ({ code })),
    versioning: codes.includes('vread') ? 'versioned' : 'no-version',
    ...(codes.includes('update') ? { readHistory: true, updateCreate: false } : {}),
    conditionalRead: 'full-support',
    ...(codes.includes('create') ? { conditionalCreate: type !== 'Consent' } : {}),
    ...(codes.includes('update') ? { conditionalUpdate: offers('update', `/${type}`) } : {}),
    ...(offers('delete', `/${type}`) ? { conditionalDelete: 'single' } : {}),
    ...(codes.includes('search-type') && isSearchable(type) ? searching(type) : {}),
    ...(operationsOn(type, routes).length === 0 ? {} : { operation: operationsOn(type, routes) }),
  };
}

/** The operations on a type, or on the whole server (`System`), each once. */
function operationsOn(type: string, routes: readonly FhirRoute[]): readonly object[] {
  const own = routes.filter((route) => route.type === type && isOperation(route));
  return [...new Set(own.map(({ interaction }) => interaction))].map((name) =>
    operation(own.filter(({ interaction }) => interaction === name)),
  );
}

function searching(type: keyof typeof SEARCHES): object {
  const { parameters, includes, revincludes } = SEARCHES[type];
  return {
    ...(includes.length === 0 ? {} : { searchInclude: ['*', ...includes] }),
    ...(revincludes.length === 0 ? {} : { searchRevInclude: revincludes }),
    searchParam: parameters.map(({ name, definition, type: kind, documentation }) => ({
      name,
      definition,
      type: kind,
      documentation,
    })),
  };
}

/** One operation, by all the routes that lead to it. */
function operation(routes: readonly FhirRoute[]): object {
  const [first] = routes;
  const documentation = routes.map(({ summary }) => summary).join(' ');
  return { name: first?.interaction, definition: first?.spec, documentation };
}
