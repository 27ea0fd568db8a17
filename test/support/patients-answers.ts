import type { LightMyRequestResponse } from 'fastify';
import { eventsIn } from './parameters.ts';
import type { Twin } from './twin-records.ts';

/** A few ways to search the log, and all that are tried. */
export const SOME_SEARCHES = [
  'outcome=0&_count=2',
  'outcome=4',
  'entity-name=Condition',
  'action=R',
];
export const SEARCHES = [
  ...SOME_SEARCHES,
  ...['', 'outcome=0', 'outcome=0,4', 'outcome=8', '_count=9'],
  ...['action=C', 'action=U', 'action=D', 'action=E', '_summary=true'],
  ...['entity-name:exact=Medication', 'entity-name=Patient'],
  ...['entity-name=Med&outcome=0', 'entity-type=2', 'subtype=read', 'agent=development-clinician'],
  ...['alert=RX1', 'alert=RX1&alert-status=open', '_summary=count', '_total=accurate'],
];

/** Everything that the patient can get out of the log, ids and dates apart. */
export async function logOf(t: Twin, searches: readonly string[]): Promise<readonly object[]> {
  const answers: object[] = [];
  const neutral = neutralFor(t);
  const get = async (path: string) => {
    const answer = await t.person.get(path, { 'x-request-id': 'mine' });
    answers.push({ path: neutral(path), ...neutralAnswer(answer, neutral) });
    return answer;
  };
  const whole = await get(`AuditEvent?patient=${t.record}`);
  const ids = eventsIn(whole).map(({ id }) => id);
  for (const id of ids.slice(0, 8)) await get(`AuditEvent/${id}`);
  for (const outcome of ['0', '4']) await get(`AuditEvent?_id=${ids}&outcome=${outcome}`);
  await get(`AuditEvent?_id=${ids}&entity-name=Condition`);
  for (const hidden of [`Condition/${t.hidden('Condition')}`, `Patient/${t.record}`]) {
    await get(`AuditEvent?entity=${hidden}`);
  }
  for (const search of searches) {
    let next: string | undefined = `AuditEvent?${search}`;
    for (let pages = 0; next !== undefined && pages < 4; pages++) {
      const page: LightMyRequestResponse = await get(next);
      const links: { relation: string; url: string }[] = page.json().link ?? [];
      next = links.find(({ relation }) => relation === 'next')?.url.replace(/^.*\/R4\//, '');
    }
  }
  return answers;
}

/** Replaces ids by the order in which they are met. */
function neutralFor(t: Twin): (text: string) => string {
  const met = new Map<string, number>();
  const placeOf = (id: string): string => {
    if (!met.has(id)) met.set(id, met.size);
    return `id-${met.get(id)}`;
  };
  return (text) =>
    text
      .replaceAll(t.record, 'the-record')
      .replace(/019cb000-0000-7000-9000-[0-9a-f]{12}/g, placeOf)
      .replace(/_cursor=[^&"]+/g, '_cursor');
}

function neutralAnswer(
  { statusCode, headers, body }: LightMyRequestResponse,
  neutral: (text: string) => string,
): object {
  const { date: _, ...rest } = headers;
  return { statusCode, headers: neutral(JSON.stringify(rest)), body: neutral(body) };
}
