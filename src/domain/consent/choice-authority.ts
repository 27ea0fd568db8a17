import { CLOCK_AHEAD_MS_MAX } from '../limits.ts';
import { type Problem, problem } from '../problem.ts';
import type { CareRecord } from '../record/care-record.ts';
import type { Choice, Policy } from '../record/choice.ts';
import { NAMING_POLICIES } from '../record/read-choice.ts';
import { relationOf } from './relation.ts';
import type { Requester } from './rule.ts';

/** The policies whose organisation is the registered practice (contract, section 3). */
const PRACTICE_POLICIES: readonly Policy[] = [
  'scr-core-and-additional',
  'scr-core',
  'scr-dissent',
  'view',
  'secondary-use',
];

/** What a clinician may record: their own service's sharing (contract, section 2). */
const CLINICIAN_POLICIES: readonly Policy[] = ['sharing-out', 'sharing-in'];

/** Why a requester may not record a choice on a record they can see; null when they may. */
export function choiceRefusal(
  record: CareRecord,
  requester: Requester,
  choice: Choice,
): Problem | null {
  const { role, organization } = requester.caller;
  if (role === 'clinician' && !CLINICIAN_POLICIES.includes(choice.policy)) return NOT_A_CLINICIANS;
  const own = role === 'patient' || choice.organization === organization;
  if (!own) return NOT_OWN_ORGANISATION;
  if (PRACTICE_POLICIES.includes(choice.policy) && !keepsChoices(record, requester, choice)) {
    return NOT_THE_PRACTICE;
  }
  const named = record.entries.filter((entry) => choice.names.includes(entry.id));
  const recorders = named.every((entry) => entry.recordedBy === choice.organization);
  return NAMING_POLICIES.includes(choice.policy) && !recorders ? NOT_THE_RECORDER : null;
}

/**
 * Whether the practice's choices are recorded with this organisation. A patient who has no practice
 * here yet can opt out all the same, with a service that holds entries of theirs: whichever
 * practice registers them later, the choice holds.
 */
function keepsChoices(record: CareRecord, { caller }: Requester, choice: Choice): boolean {
  if (record.practice !== null) return choice.organization === record.practice;
  return caller.role === 'patient' && Object.hasOwn(record.sources, choice.organization);
}

/** Whether a requester is one of those who record choices with this patient at all. */
export function mayRecordChoices(record: CareRecord, requester: Requester): boolean {
  const relation = relationOf(record, requester);
  switch (requester.caller.role) {
    case 'practice-staff':
      return relation === 'practice';
    case 'patient':
      return relation === 'patient';
    default:
      return requester.caller.role === 'clinician';
  }
}

const NOT_A_CLINICIANS = refusal('A clinician records sharing out and sharing in alone.');
const NOT_OWN_ORGANISATION = refusal('A choice is recorded by the organisation that it is about.');
const NOT_THE_PRACTICE = refusal('This choice is recorded with the registered practice.');
const NOT_THE_RECORDER = refusal('The organisation must be the one that recorded the entries.');

function refusal(words: string): Problem {
  return problem('forbidden', 'forbidden', words, 'Consent.organization');
}

/**
 * Why choices may not be recorded now: one of them is dated ahead of the server's clock, and would
 * not hold for the very next request. Null when none is.
 */
export function aheadRefusal(
  choices: readonly (Choice | undefined)[],
  now: number,
): Problem | null {
  const ahead = choices.some((choice) => choice && choice.madeAt > now + CLOCK_AHEAD_MS_MAX);
  return ahead ? DATED_AHEAD : null;
}

const DATED_AHEAD = problem(
  'invalid',
  'business-rule',
  'A choice is dated ahead of the server’s clock. For one that begins later, use provision.period.',
  'Consent.dateTime',
);
