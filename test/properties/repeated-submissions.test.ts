import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedNames } from '../../src/adapters/system/names.ts';
import type { Caller } from '../../src/domain/access/caller.ts';
import type { Json } from '../../src/domain/fhir/json.ts';
import type { Entry } from '../../src/domain/record/care-record.ts';
import type { Context } from '../../src/interactions/context.ts';
import { editEntry } from '../../src/interactions/edit-entry.ts';
import { type Interaction, perform } from '../../src/interactions/perform.ts';
import { createConsent, updateConsent } from '../../src/interactions/record-consent.ts';
import { RecordTurns } from '../../src/interactions/record-turns.ts';
import { submitRecord } from '../../src/interactions/submit-record.ts';
import { aBundle, aConsent, anAllergy, aPatient, aStatement, NHS } from '../support/bundles.ts';
import { BASE_URL, callBy, callerOf, numberedId, RULES, START } from '../support/context.ts';
import { emptyMemory, type Memory, memoryStore } from '../support/memory-store.ts';
import { submissionOf } from '../support/requests.ts';

const DEEP = process.env.SCR_TEST_DEEP === '1';
const RUNS = DEEP ? 5_000 : 120;
const LIMIT_MS = DEEP ? 3_600_000 : 120_000;
const NUMBER = '9990000018';
const MINUTE = 60_000;
const SECRET = new Uint8Array(32).fill(3);

const SENDERS: readonly Caller[] = [
  callerOf('gp-system', { organization: 'A81001' }),
  callerOf('gp-system', { organization: 'B82002' }),
  callerOf('care-system', { organization: 'RX1' }),
  callerOf('care-system', { organization: 'A81001' }),
];

/** A server's memory, and what it was asked so far. */
interface Place {
  readonly context: Context;
  readonly memory: Memory;
  /** How many ids of entries were worked out: none while an extract is known again. */
  named: number;
}

/** With `forgets` no extract is ever read by the rules that it is met by later. */
function newPlace(clock: { now: number }, forgets: boolean): Place {
  const memory = emptyMemory(SECRET);
  const names = keyedNames(SECRET);
  let ids = 0;
  let readings = 0;
  const place = { memory, named: 0 };
  const context: Context = {
    store: memoryStore(memory),
    clock: { now: () => clock.now },
    ids: { fresh: () => numberedId(++ids) },
    names: {
      ...names,
      entryId(...given) {
        place.named++;
        return names.entryId(...given);
      },
    },
    rules: RULES,
    get reading() {
      return forgets ? `as of ${++readings}` : 'as of today';
    },
    presenting: 'as of today',
    turns: new RecordTurns(),
    baseUrl: BASE_URL,
  };
  return Object.assign(place, { context });
}

/** What an extract holds. */
const extract = fc.record({
  practice: fc.constantFrom('A81001', 'A81001', 'A81001', 'B82002', null),
  statements: fc.subarray(['1', '2', '3'], { minLength: 0 }),
  dose: fc.constantFrom('one', 'two'),
  allergy: fc.boolean(),
  choice: fc.constantFrom(null, null, null, 'sharing-out', 'scr-core', 'dissent', 'later'),
});
/** What a dissent comes with: nothing clinical. */
const bare = { statements: [], allergy: false, choice: 'dissent' as const };
type Extract = typeof extract extends fc.Arbitrary<infer T> ? T : never;

/** What stands around it, which may differ when it is sent again. */
const envelope = fc.record({
  identifier: fc.option(fc.constantFrom('i1', 'i2', 'i3'), { freq: 2 }),
  /** Of its timestamp from now: one of a message on its way can be late. */
  minutes: fc.option(fc.constantFrom(0, 0, 0, 0, 0, 1, 1, -1, -3, 9)),
  indent: fc.constantFrom(0, 0, 0, 2),
});
type Envelope = typeof envelope extends fc.Arbitrary<infer T> ? T : never;

const sender = fc.constantFrom(0, 0, 0, 0, 1, 2, 2, 3);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('send'), sender, extract, envelope }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('send'),
      sender: fc.constant(0),
      extract: extract.map((each) => ({ ...each, ...bare, practice: 'A81001' as const })),
      envelope,
    }),
  },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('resend'), sender, envelope }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('edit'),
      sender,
      entry: fc.nat({ max: 5 }),
      action: fc.constantFrom('delete', 'update'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('choose'), anew: fc.boolean() }) },
);
/** Each begins with the registered practice's extract; what others resend, they have sent. */
const stories = fc
  .tuple(extract, extract, envelope, fc.array(step, { minLength: 2, maxLength: 14 }))
  .map(([own, others, around, steps]): Step[] => [
    { does: 'send', sender: 0, extract: { ...own, practice: 'A81001' }, envelope: around },
    { does: 'send', sender: 2, extract: { ...others, choice: null }, envelope: around },
    ...steps,
  ]);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function choiceIn(choice: Extract['choice'], owner: string): readonly object[] {
  if (choice === null) return [];
  if (choice !== 'dissent' && choice !== 'later') {
    return [aConsent('p1', choice, 'permit', owner, { id: 'c1' })];
  }
  // It comes into force by the clock alone.
  const period = { start: new Date(START + 6 * MINUTE).toISOString() };
  const provision = { type: 'deny', ...(choice === 'later' && { period }) };
  return [aConsent('p1', 'scr-dissent', 'deny', owner, { id: 'c1', provision })];
}

function bodyOf(
  { practice, statements, dose, allergy, choice }: Extract,
  { identifier, minutes, indent }: Envelope,
  owner: string,
  now: number,
): string {
  const resources = [
    aPatient(NUMBER, practice),
    ...statements.map((n) => aStatement(n, { dosage: [{ text: dose }] })),
    ...(allergy ? [anAllergy('9')] : []),
    ...choiceIn(choice, owner),
  ];
  const bundle = aBundle(resources, {
    ...(identifier !== null && { identifier: { system: 'urn:x', value: identifier } }),
    ...(minutes !== null && { timestamp: new Date(now + minutes * MINUTE).toISOString() }),
  });
  return JSON.stringify(submissionOf(bundle), null, indent);
}

/** One after the other, with what each sender sent last. */
class Story {
  readonly place: Place;
  readonly #sent = new Map<number, Extract>();

  constructor(place: Place) {
    this.place = place;
  }

  async run(step: Step): Promise<string> {
    const interaction = this.#interactionOf(step);
    if (interaction === null) return 'nothing to do';
    const { caller, act, asked } = interaction;
    const done = await perform(this.place.context, callBy(caller, act), asked);
    if (!done.ok) return JSON.stringify(done.problem);
    return JSON.stringify({
      ...done.value,
      body: done.value.body.map((each) => Buffer.from(each).toString()),
    });
  }

  #interactionOf(step: Step) {
    switch (step.does) {
      case 'send':
        this.#sent.set(step.sender, step.extract);
        return submitting(step.sender, step.extract, step.envelope, this.place.context.clock.now());
      case 'resend': {
        const last = this.#sent.get(step.sender);
        return last === undefined
          ? null
          : submitting(step.sender, last, step.envelope, this.place.context.clock.now());
      }
      case 'edit':
        return this.#editing(step);
      default:
        return this.#choosing(step);
    }
  }

  #record(): { readonly id: string; readonly entries: readonly Entry[] } {
    const [heads = []] = [...this.place.memory.heads.values()];
    return JSON.parse(heads.at(-1) ?? '{"id":"none","entries":[]}');
  }

  /** The patient makes a choice themselves, or changes one that is there. */
  #choosing({ anew }: StepOf<'choose'>) {
    const caller = callerOf('patient', { nhsNumber: NUMBER, organization: NUMBER });
    const patient = { identifier: { system: NHS, value: NUMBER } };
    const body = aConsent('x', 'scr-core-and-additional', 'permit', 'A81001', {
      patient,
      performer: [patient],
    });
    const there = this.#record().entries.find(({ type }) => type === 'Consent');
    if (anew || there === undefined) {
      const act = { interaction: 'create', type: 'Consent', action: 'C' } as const;
      return { caller, act, asked: createConsent(body as Json) };
    }
    const act = { interaction: 'update', type: 'Consent', action: 'U' } as const;
    return { caller, act, asked: updateConsent(there.id, null, { ...body, id: there.id } as Json) };
  }

  #editing({ sender, entry, action }: StepOf<'edit'>) {
    const record = this.#record();
    const target = record.entries[entry];
    if (target === undefined || target.type === 'Patient') return null;
    const patient = { reference: `Patient/${record.id}` };
    const body =
      target.type === 'MedicationStatement' ? aStatement('1', { subject: patient }) : undefined;
    const request = {
      action: body === undefined ? ('delete' as const) : action,
      type: target.type,
      id: target.id,
      query: null,
      ifMatch: null,
      ifNoneExist: null,
      body: action === 'update' ? ({ ...body, id: target.id } as Json) : undefined,
    };
    const act = { interaction: request.action, type: target.type, action: 'U' } as const;
    return { caller: senderOf(sender), act, asked: editEntry(request) };
  }
}

type StepOf<D extends Step['does']> = globalThis.Extract<Step, { does: D }>;

function senderOf(n: number): Caller {
  return SENDERS[n] as Caller;
}

function submitting(n: number, extract: Extract, envelope: Envelope, now: number) {
  const caller = senderOf(n);
  const act = { interaction: 'submit-record', type: 'System', action: 'E' } as const;
  const asked: Interaction = submitRecord(bodyOf(extract, envelope, caller.organization, now));
  return { caller, act, asked };
}

/**
 * All that a server holds, but for two things in the mark of an extract: the name of the rules by
 * which it read, and a digest that is there only where it was needed once.
 */
function holdings({ heads, receipts, terms, audit, fragments }: Memory): string {
  const texts = [...fragments].map(([id, bytes]) => [id, Buffer.from(bytes).toString()]);
  const mark = /\\"content\\":(?:null|\\"\w+\\"),\\"reading\\":\\"as of \w+\\"/g;
  const all = [[...heads], [...receipts], [...terms], [...audit], texts];
  return JSON.stringify(all).replaceAll(mark, '');
}

describe('an extract that an organisation sends again', () => {
  it(
    'comes to the same, known again or read again: answer, record, receipt and audit entry',
    async () => {
      const counts = { known: 0, read: 0 };
      await fc.assert(
        fc.asyncProperty(stories, async (steps) => {
          const clock = { now: START };
          const knowing = new Story(newPlace(clock, false));
          const reading = new Story(newPlace(clock, true));
          for (const each of steps) {
            clock.now += MINUTE;
            const before = knowing.place.named;
            const answer = await knowing.run(each);
            expect(answer).toBe(await reading.run(each));
            expect(holdings(knowing.place.memory)).toBe(holdings(reading.place.memory));
            if (each.does !== 'resend' || !answer.includes('unchanged')) continue;
            counts[knowing.place.named === before ? 'known' : 'read']++;
          }
        }),
        { numRuns: RUNS },
      );
      expect(Math.min(counts.known, counts.read)).toBeGreaterThan(RUNS / 10);
    },
    LIMIT_MS,
  );
});
