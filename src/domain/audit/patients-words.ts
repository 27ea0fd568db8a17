import { personOf } from '../access/caller.ts';
import { asString } from './clean-text.ts';
import type { AuditAgent, ShownEntry } from './entry.ts';

/** A verb as something that happened, and as something that was tried. */
type Verb = readonly [done: string, tried: string];

const LOOKED: Verb = ['looked at', 'look at'];

/** What others asked for, where what came of it is not told. */
const ASKED: Readonly<Record<string, string>> = {
  create: 'asked to add one entry to your record',
  update: 'asked to change one entry of your record',
  patch: 'asked to change one entry of your record',
  delete: 'asked to remove one entry of your record',
  transaction: 'asked to change your record',
  everything: 'asked for your record',
  summary: 'asked for your record',
};

/** What each interaction is to a patient; the things that it was done to follow. */
const VERBS: Readonly<Record<string, Verb>> = {
  create: ['recorded', 'record'],
  update: ['changed', 'change'],
  patch: ['changed', 'change'],
  delete: ['removed', 'remove'],
};

/** What other interactions are to a patient, with their object. */
const DEEDS: Readonly<Record<string, Verb>> = {
  'submit-record': ['sent an update of your record', 'send an update of your record'],
  transaction: ['sent an update of your record', 'send an update of your record'],
  'claim-relationship': ['said that they are involved in your care', 'say so'],
  'resolve-alert': ['looked into an alert about your record', 'look into an alert'],
  'explain-access': ['checked who could see your record', 'check who could see your record'],
};

/** Resource types in a patient's words; what is not here is simply their record. */
const THINGS: Readonly<Record<string, string>> = {
  Patient: 'your name and contact details',
  MedicationStatement: 'your medicines',
  MedicationRequest: 'your medicines',
  Medication: 'your medicines',
  AllergyIntolerance: 'your allergies and bad reactions',
  Condition: 'your health problems',
  Procedure: 'your operations and treatments',
  Immunization: 'your vaccinations',
  Observation: 'your test results and measurements',
  DocumentReference: 'your documents',
  Consent: 'your choices about sharing',
  AuditEvent: 'the list of who used your record',
};

const WHOLE = 'your record';

/** The roles of people; all others are systems. */
const ROLES: Readonly<Record<string, string>> = {
  clinician: 'clinician',
  'practice-staff': 'practice staff',
  'privacy-officer': 'privacy officer',
  auditor: 'auditor',
};

/** Purposes of use (v3-ActReason) as the reason that was given. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['TREAT', 'they said you agreed'],
  ['ETREAT', 'they said it was an emergency and you could not be asked'],
  ['BTG', 'they said it was an emergency and you could not be asked'],
  ['HLEGAL', 'they said the law allows it or asks for it'],
]);

const CLAIM_REASONS = {
  'care-episode': 'you are being cared for there',
  emergency: 'it is an emergency',
  legal: 'the law allows it or asks for it',
} as const;

/**
 * Who did what with the record, when and why, in words that a patient understands. Takes the entry
 * as the patient sees it, so that it tells nothing that is hidden from them; `person` is who they
 * are (`personOf`).
 */
export function inPatientsWords(shown: ShownEntry, person: string): string {
  const { agent } = shown;
  const who = agent === null ? 'Somebody' : whoOf(agent, person);
  const when = momentOf(shown.recorded);
  if (shown.outcome === null) {
    return `${who} ${askedOf(shown)} on ${when}${reasonOf(shown)}.${toldOf(shown)}`;
  }
  if (shown.outcome !== '0') {
    const refused = shown.outcomeDesc?.startsWith('forbidden') === true;
    const end = refused ? 'was refused' : 'it did not work';
    return `${who} tried to ${deedOf(shown, 1)} on ${when}, but ${end}.`;
  }
  return `${who} ${deedOf(shown, 0)} on ${when}${reasonOf(shown)}.${toldOf(shown)}`;
}

function whoOf(agent: AuditAgent, person: string): string {
  if (agent.role === 'patient') return personOf(agent) === person ? 'You' : ANOTHER;
  const what = ROLES[agent.role];
  const where = asString(agent.organizationName) ?? asString(agent.organization) ?? 'a service';
  if (what === undefined) return `The computer system of ${where}`;
  return `${asString(agent.name) ?? 'Somebody'} (${what}, ${where})`;
}

const ANOTHER = 'Somebody who signed in as a patient';

function deedOf(shown: ShownEntry, form: 0 | 1): string {
  const { interaction } = shown;
  const deed = DEEDS[interaction];
  if (deed !== undefined) return deed[form];
  return `${(VERBS[interaction] ?? LOOKED)[form]} ${thingsOf(shown.entityNames)}`;
}

function askedOf({ interaction, entityNames }: ShownEntry): string {
  const asked = ASKED[interaction] ?? 'asked for one entry of your record';
  const things = thingsOf(entityNames);
  return things === WHOLE ? asked : `${asked}, about ${things},`;
}

function thingsOf(names: readonly string[]): string {
  const things = [...new Set(names.map((name) => THINGS[name]))].filter((it) => it !== undefined);
  if (things.length === 0) return WHOLE;
  const [last = '', ...others] = things.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(', ')} and ${last}`;
}

/** In the patient's own time zone, which is that of the service. */
function momentOf(recorded: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/London',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(Date.parse(recorded));
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  const day = `${part('day')} ${part('month')} ${part('year')}`;
  return `${day} at ${part('hour')}:${part('minute')}`;
}

function reasonOf({ agent, claim }: ShownEntry): string {
  if (claim !== null) return ` because ${CLAIM_REASONS[claim.reason]}`;
  const reason = agent?.role === 'clinician' ? REASONS.get(agent.purpose ?? '') : undefined;
  return reason === undefined ? '' : ` because ${reason}`;
}

function toldOf({ alert }: ShownEntry): string {
  if (alert === null) return '';
  if (alert.kind === 'patient-moved') return ' The practice that you left was told.';
  return ' The privacy officer of their organisation was told.';
}
