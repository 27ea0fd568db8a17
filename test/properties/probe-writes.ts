import type { FhirRoute } from '../../src/http/route.ts';
import { aConsent } from '../support/bundles.ts';
import type { Asked } from '../support/play-worlds.ts';
import { momentOf, ORGANIZATIONS, POLICY_NAMES, SLOTS } from '../support/worlds.ts';
import { type Chooser, idFor, patientId } from './chooser.ts';
import type { Knowledge } from './knowledge.ts';

/** A create: of a Consent that makes some choice, about entries that may be hidden. */
export function createOf(route: FhirRoute, chooser: Chooser, known: Knowledge): Asked {
  const headers = chooser.once(6) ? { 'if-none-exist': criteria(chooser, known) } : {};
  const payload = JSON.stringify(resourceFor(route, chooser, known));
  return { method: 'POST', url: route.type, headers, payload };
}

/** An update, by id or by criteria. */
export function updateOf(route: FhirRoute, chooser: Chooser, known: Knowledge): Asked {
  const id = idFor(route, chooser, known);
  const resource = resourceFor(route, chooser, known);
  const url = route.path.includes(':id')
    ? `${route.type}/${id}`
    : conditional(route, chooser, known);
  const payload = JSON.stringify({ ...resource, id: chooser.once(8) ? 'another' : id });
  return { method: 'PUT', url, headers: ifMatch(id, chooser, known), payload };
}

/** A patch, by id or by criteria. */
export function patchOf(route: FhirRoute, chooser: Chooser, known: Knowledge): Asked {
  const id = idFor(route, chooser, known);
  const url = route.path.includes(':id')
    ? `${route.type}/${id}`
    : conditional(route, chooser, known);
  const value = chooser.from(['active', 'inactive'], 'active');
  const payload = JSON.stringify([
    ...(chooser.once(3) ? [{ op: 'test', path: '/status', value: 'active' }] : []),
    { op: 'replace', path: '/status', value },
  ]);
  const headers = { ...ifMatch(id, chooser, known), 'content-type': 'application/json-patch+json' };
  return { method: 'PATCH', url, headers, payload };
}

/** A delete, by id or by criteria. */
export function removalOf(route: FhirRoute, chooser: Chooser, known: Knowledge): Asked {
  const id = idFor(route, chooser, known);
  const url = route.path.includes(':id')
    ? `${route.type}/${id}`
    : conditional(route, chooser, known);
  return { method: 'DELETE', url, headers: ifMatch(id, chooser, known) };
}

function conditional(route: FhirRoute, chooser: Chooser, known: Knowledge): string {
  return `${route.type}?${criteria(chooser, known)}`;
}

function criteria(chooser: Chooser, known: Knowledge): string {
  const query = new URLSearchParams({ patient: patientId(chooser, known) });
  if (chooser.once(2)) query.set('_id', chooser.from(known.allIds, 'none'));
  if (chooser.once(3)) query.set('status', 'active');
  if (chooser.once(3)) query.set('identifier', 'https://source.test/id|1');
  return query.toString();
}

function ifMatch(id: string, chooser: Chooser, known: Knowledge): Record<string, string> {
  if (!chooser.once(4)) return {};
  return { 'if-match': `W/"${chooser.from(known.versions.get(id) ?? [], '0')}"` };
}

/** What could be written at a route: about some patient, and perhaps naming hidden entries. */
export function resourceFor(route: FhirRoute, chooser: Chooser, known: Knowledge): object {
  const patient = patientId(chooser, known);
  if (route.type !== 'Consent') {
    const subject = { reference: `Patient/${patient}` };
    return { resourceType: route.type, subject, patient: subject };
  }
  const policy = chooser.from(POLICY_NAMES, 'sharing-out');
  const naming = policy === 'private-entry' || policy === 'include-sensitive';
  const type = chooser.once(2) ? 'permit' : 'deny';
  const data = {
    meaning: 'instance',
    reference: { reference: chooser.from(known.references, '') },
  };
  return aConsent(patient, policy, type, chooser.from(ORGANIZATIONS, 'RX1'), {
    dateTime: new Date(momentOf(SLOTS)).toISOString(),
    provision: { type, ...(naming ? { data: [data] } : {}) },
  });
}
