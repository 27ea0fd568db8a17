import { CLOCK_AHEAD_MS_MAX } from '../limits.ts';
import type { Entry } from '../record/care-record.ts';
import type { Choice, Policy } from '../record/choice.ts';
import type { OdsCode } from '../record/ods-code.ts';
import { recordedChoices } from './record-layout.ts';

/** What the patient's choices amount to at one moment. */
export interface ChoicesInForce {
  /** `none`: nothing was recorded, which is implied consent to core and additional. */
  readonly summary: 'none' | 'core-and-additional' | 'core' | 'dissent';
  /** Whether the recorded permission to view is `No`. */
  readonly viewRefused: boolean;
  /** The last moment up to now at which a dissent was in force, in epoch milliseconds. */
  readonly lastDissent: number | null;
  /** Organisations whose entries may not be seen elsewhere. */
  readonly sharingOutRefusedBy: ReadonlySet<OdsCode>;
  /** Organisations that may not see what others recorded. */
  readonly sharingInRefusedBy: ReadonlySet<OdsCode>;
  readonly privateEntries: ReadonlySet<string>;
  readonly includedEntries: ReadonlySet<string>;
  readonly secondaryUseRefused: boolean;
}

/**
 * The choices in force (contract, section 3): of one family the latest active one inside its
 * period; two that tie and disagree deny. The registered practice's families move with the patient,
 * so whichever practice recorded the latest, it holds; sharing choices stand for each organisation
 * by itself. A Consent that could not be read denies everything, as a dissent does.
 */
export function choicesInForce(entries: readonly Entry[], now: number): ChoicesInForce {
  const { choices: recorded, unreadable } = recordedChoices(entries);
  if (recorded.length === 0 && !unreadable) return NO_CHOICES;
  // A clock that goes before ours must not keep a choice that was acknowledged from holding at
  // once.
  const choices = recorded.filter((choice) => isLive(choice, now, CLOCK_AHEAD_MS_MAX));
  return {
    summary: unreadable ? 'dissent' : summaryChoice(choices),
    viewRefused: unreadable || refuses(choices, 'view'),
    lastDissent: unreadable ? now : lastDissentOf(recorded, now),
    sharingOutRefusedBy: refusing(choices, 'sharing-out'),
    sharingInRefusedBy: refusing(choices, 'sharing-in'),
    privateEntries: named(choices, 'private-entry'),
    includedEntries: named(choices, 'include-sensitive'),
    secondaryUseRefused: unreadable || refuses(choices, 'secondary-use'),
  };
}

/** Most patients have recorded nothing. */
const NO_CHOICES: ChoicesInForce = {
  summary: 'none',
  viewRefused: false,
  lastDissent: null,
  sharingOutRefusedBy: new Set(),
  sharingInRefusedBy: new Set(),
  privateEntries: new Set(),
  includedEntries: new Set(),
  secondaryUseRefused: false,
};

/** No commit marks a dissent that begins or ends by a date; what is in force changes at dates. */
function lastDissentOf(recorded: readonly Choice[], now: number): number | null {
  const family = recorded.filter((choice) => choice.active && choice.policy.startsWith('scr-'));
  if (!family.some((choice) => choice.policy === 'scr-dissent')) return null;
  const turns = family.flatMap(({ madeAt, from, until }) => [
    madeAt,
    from ?? madeAt,
    (until ?? now) + 1,
  ]);
  const ends = [now, ...turns.filter((turn) => turn <= now).map((turn) => turn - 1)];
  const dissented = ends.filter((moment) => summaryAt(family, moment) === 'dissent');
  return dissented.length === 0 ? null : Math.max(...dissented);
}

function summaryAt(recorded: readonly Choice[], moment: number): ChoicesInForce['summary'] {
  return summaryChoice(recorded.filter((choice) => isLive(choice, moment)));
}

/** Whether a choice is active and inside its period, and was made by then. */
function isLive(choice: Choice, now: number, ahead = 0): boolean {
  const begun = choice.from === null || choice.from <= now;
  const over = choice.until !== null && choice.until < now;
  return choice.active && begun && !over && choice.madeAt <= now + ahead;
}

const MOST_RESTRICTIVE_FIRST = ['scr-dissent', 'scr-core', 'scr-core-and-additional'] as const;

function summaryChoice(choices: readonly Choice[]): ChoicesInForce['summary'] {
  const family = choices.filter((choice) => choice.policy.startsWith('scr-'));
  const latest = latestOf(family).map((choice) => choice.policy);
  const policy = MOST_RESTRICTIVE_FIRST.find((each) => latest.includes(each));
  return policy === undefined ? 'none' : SUMMARY_OF[policy];
}

const SUMMARY_OF = {
  'scr-dissent': 'dissent',
  'scr-core': 'core',
  'scr-core-and-additional': 'core-and-additional',
} as const;

function refuses(choices: readonly Choice[], policy: Policy): boolean {
  return latestOf(choices.filter((choice) => choice.policy === policy)).some(denies);
}

function refusing(choices: readonly Choice[], policy: Policy): ReadonlySet<OdsCode> {
  const family = choices.filter((choice) => choice.policy === policy);
  const organizations = new Set(family.map((choice) => choice.organization));
  return new Set(
    [...organizations].filter((organization) =>
      latestOf(family.filter((choice) => choice.organization === organization)).some(denies),
    ),
  );
}

function named(choices: readonly Choice[], policy: Policy): ReadonlySet<string> {
  return new Set(
    choices.filter((choice) => choice.policy === policy).flatMap((choice) => choice.names),
  );
}

function latestOf(family: readonly Choice[]): readonly Choice[] {
  const latest = family.reduce((most, choice) => Math.max(most, choice.madeAt), -Infinity);
  return family.filter((choice) => choice.madeAt === latest);
}

function denies(choice: Choice): boolean {
  return !choice.permits;
}
