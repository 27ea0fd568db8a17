import type { Instant } from '../fhir/instant.ts';
import { CLOCK_AHEAD_MS_MAX } from '../limits.ts';
import { type Problem, problem } from '../problem.ts';
import type { CareRecord } from '../record/care-record.ts';
import type { OdsCode } from '../record/ods-code.ts';
import { fail, type Result, succeed } from '../result.ts';
import type { Submission } from './submission.ts';

/** Who submits. */
export interface Submitter {
  readonly organization: OdsCode;
  /** Whether it is a GP practice's system (role `gp-system`): only those can register a patient. */
  readonly isPractice: boolean;
}

/** What a submission, or a write of parts, says of itself. */
export type Stated = Pick<Submission, 'practice' | 'timestamp'>;

/** What a submitter may do to this record. */
export interface Standing {
  /** It is the registered practice, or becomes it by this submission: its Patient is shown. */
  readonly registers: boolean;
  /** The practice that the patient leaves by this submission; null when there is none. */
  readonly leaves: OdsCode | null;
  /**
   * The submission's timestamp, or when it has none the server's clock, never before the last one.
   */
  readonly timestamp: Instant;
}

/**
 * What a submitter may do, or why not: `invalid` for a timestamp ahead of the clock, `conflict` for
 * a message that was overtaken, `forbidden` for a practice that the patient has left (contract,
 * section 3).
 */
export function standingOf(
  current: CareRecord | null,
  submission: Stated,
  submitter: Submitter,
  now: number,
): Result<Standing> {
  const { organization } = submitter;
  const last = current?.sources[organization]?.timestamp ?? '';
  const stated = submission.timestamp;
  if (stated !== null && Date.parse(stated) > now + CLOCK_AHEAD_MS_MAX) return fail(AHEAD);
  if (stated !== null && stated < last) return fail(OVERTAKEN);
  const timestamp = stated ?? asOfNow(now, last);
  const registers = submitter.isPractice && submission.practice === organization;
  const moves = registers && current !== null && current.practice !== organization;
  const refusal = moves
    ? moveRefusal(current, submission, organization, timestamp)
    : formerRefusal(current, organization);
  if (refusal !== null) return fail(refusal);
  return succeed({ registers, leaves: moves ? current.practice : null, timestamp });
}

/** Without a timestamp of its own a message is as of now, and cannot have been overtaken. */
function asOfNow(now: number, last: Instant): Instant {
  const clock = new Date(now).toISOString();
  return clock < last ? last : clock;
}

function moveRefusal(
  current: CareRecord,
  submission: Stated,
  organization: OdsCode,
  timestamp: Instant,
): Problem | null {
  const overtaken = current.registeredAt !== null && timestamp < current.registeredAt;
  if (overtaken) return OVERTAKEN;
  // A system that goes on sending after the patient has left must not fetch them back by it.
  const returns = current.formerPractices.includes(organization);
  return returns && submission.timestamp === null ? LEFT : null;
}

function formerRefusal(current: CareRecord | null, organization: OdsCode): Problem | null {
  return current?.formerPractices.includes(organization) ? LEFT : null;
}

const AHEAD = problem(
  'invalid',
  'business-rule',
  'The timestamp is ahead of the server’s clock.',
  "Parameters.parameter.where(name='record').resource.timestamp",
);
const OVERTAKEN = problem(
  'conflict',
  'conflict',
  'A newer submission was accepted already; this one is older and was not taken.',
  "Parameters.parameter.where(name='record').resource.timestamp",
);
const LEFT = problem(
  'forbidden',
  'forbidden',
  'The patient is registered with another practice now. A practice that they return to says so by a submission with Bundle.timestamp.',
);
