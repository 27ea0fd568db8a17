import { choicesInForce } from '../domain/consent/choices-in-force.ts';
import { type Problem, problem } from '../domain/problem.ts';
import type { CareRecord } from '../domain/record/care-record.ts';

/**
 * Why a system may not make this of a record: the patient has opted out, or does so by a change
 * that brings content as well. Null when it may: a dissent that is new may come by itself.
 */
export function dissentRefusal(
  current: CareRecord | null,
  next: CareRecord,
  bringsContent: boolean,
  now: number,
): Problem | null {
  const dissents = (of: CareRecord | null): boolean =>
    choicesInForce(of?.entries ?? [], now).summary === 'dissent';
  if (!dissents(next)) return null;
  if (dissents(current)) return DISSENTED;
  return bringsContent ? DISSENT_WITH_CONTENT : null;
}

const DISSENTED = problem(
  'forbidden',
  'suppressed',
  'The patient has opted out of having a Summary Care Record; nothing was stored.',
);
const DISSENT_WITH_CONTENT = problem(
  'forbidden',
  'suppressed',
  'A dissent may come with nothing clinical: the patient has opted out. Nothing was stored.',
);
