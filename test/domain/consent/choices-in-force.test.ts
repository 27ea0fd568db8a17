import { describe, expect, it } from 'vitest';
import {
  type ChoicesInForce,
  choicesInForce,
} from '../../../src/domain/consent/choices-in-force.ts';
import { CASE_NOW, recordOf } from './case-record.ts';

const ENTRIES = { patient: 'Patient GP', one: 'Condition GP', two: 'Condition GP' };

function inForce(...choices: readonly string[]): ChoicesInForce {
  return choicesInForce(recordOf({ entries: ENTRIES, choices }).entries, CASE_NOW);
}

const idOf = (name: 'one' | 'two') =>
  recordOf({ entries: ENTRIES }).entries[name === 'one' ? 1 : 2]?.id;

it('is implied consent where nothing was recorded', () => {
  expect(inForce()).toEqual({
    summary: 'none',
    viewRefused: false,
    lastDissent: null,
    sharingOutRefusedBy: new Set(),
    sharingInRefusedBy: new Set(),
    privateEntries: new Set(),
    includedEntries: new Set(),
    secondaryUseRefused: false,
  });
});

describe('of the family of the summary', () => {
  it('the latest by its date is in force, in whatever order they stand', () => {
    const choices = [
      'scr-dissent deny GP 2026-01-03',
      'scr-core permit GP 2026-01-01',
      'scr-core-and-additional permit GP 2026-01-02',
    ];
    expect(inForce(...choices).summary).toBe('dissent');
    expect(inForce(...choices.toReversed()).summary).toBe('dissent');
    expect(inForce(...choices.slice(1)).summary).toBe('core-and-additional');
  });

  it('the most restrictive is in force when they tie', () => {
    const core = 'scr-core permit GP 2026-01-01';
    const both = 'scr-core-and-additional permit GP 2026-01-01';
    const dissent = 'scr-dissent deny GP 2026-01-01';
    expect(inForce(both, core).summary).toBe('core');
    expect(inForce(both, dissent, core).summary).toBe('dissent');
  });

  it('the latest is in force whichever practice recorded it', () => {
    expect(
      inForce('scr-dissent deny OLD 2026-01-02', 'scr-core permit GP 2026-01-01').summary,
    ).toBe('dissent');
    expect(
      inForce('scr-dissent deny OLD 2026-01-01', 'scr-core permit GP 2026-01-02').summary,
    ).toBe('core');
  });
});

describe('a choice counts', () => {
  const summaryOf = (more: string) =>
    inForce(`scr-dissent deny GP 2026-01-01 ${more}`.trim(), 'scr-core permit GP 2025-01-01')
      .summary;

  it.each([
    ['', 'dissent'],
    ['from=2026-03-02', 'dissent'],
    ['from=2026-03-02T12:00:00.000Z', 'dissent'],
    ['from=2026-03-02T12:00:00.001Z', 'core'],
    ['from=2026-03-03', 'core'],
    ['until=2026-03-02', 'dissent'],
    ['until=2026-03-02T12:00:00.000Z', 'dissent'],
    ['until=2026-03-02T11:59:59.999Z', 'core'],
    ['until=2026-03-01', 'core'],
    ['status=inactive', 'core'],
    ['status=entered-in-error', 'core'],
    ['status=draft', 'core'],
  ])('while it is active and inside its period: %j gives %s', (more, summary) => {
    expect(summaryOf(more)).toBe(summary);
  });

  it('from its date on, by a clock that may go five minutes before ours', () => {
    expect(inForce('scr-dissent deny GP 2026-03-02T12:05:00.000Z').summary).toBe('dissent');
    expect(inForce('scr-dissent deny GP 2026-03-02T12:05:00.001Z').summary).toBe('none');
  });
});

describe('permission to view and secondary use', () => {
  it.each([
    ['view', 'viewRefused'],
    ['secondary-use', 'secondaryUseRefused'],
  ] as const)('%s: the latest holds, and a tie denies', (policy, refused) => {
    const deny = `${policy} deny GP 2026-01-02`;
    expect(inForce(deny)[refused]).toBe(true);
    expect(inForce(deny, `${policy} permit GP 2026-01-01`)[refused]).toBe(true);
    expect(inForce(deny, `${policy} permit GP 2026-01-02`)[refused]).toBe(true);
    expect(inForce(deny, `${policy} permit NEW 2026-01-03`)[refused]).toBe(false);
    expect(inForce(`${deny} until=2026-01-31`)[refused]).toBe(false);
  });
});

describe('sharing', () => {
  it.each([
    ['sharing-out', 'sharingOutRefusedBy'],
    ['sharing-in', 'sharingInRefusedBy'],
  ] as const)('%s stands for each organisation by itself', (policy, refusedBy) => {
    const choices = inForce(
      `${policy} deny A 2026-01-01`,
      `${policy} permit B 2026-01-02`,
      `${policy} deny C 2026-01-01`,
      `${policy} permit C 2026-01-02`,
      `${policy} deny D 2026-01-01`,
      `${policy} permit D 2026-01-01`,
    );
    expect(choices[refusedBy]).toEqual(new Set(['A', 'D']));
  });

  it('out says nothing about in, nor in about out', () => {
    const choices = inForce('sharing-out deny A 2026-01-01', 'sharing-in deny B 2026-01-01');
    expect(choices.sharingOutRefusedBy).toEqual(new Set(['A']));
    expect(choices.sharingInRefusedBy).toEqual(new Set(['B']));
  });
});

describe('choices that name entries', () => {
  it.each([
    ['private-entry deny', 'privateEntries'],
    ['include-sensitive permit', 'includedEntries'],
  ] as const)('%s add up, each for as long as it is in force', (policy, named) => {
    const choices = (...more: string[]) =>
      inForce(
        `${policy} GP 2026-01-01 names=one`,
        `${policy} GP 2026-01-02 names=two ${more}`.trim(),
      );
    expect(choices()[named]).toEqual(new Set([idOf('one'), idOf('two')]));
    expect(choices('status=inactive')[named]).toEqual(new Set([idOf('one')]));
    expect(choices('until=2026-02-01')[named]).toEqual(new Set([idOf('one')]));
  });
});

describe('a Consent that cannot be read', () => {
  it('denies everything', () => {
    expect(inForce('unreadable x GP 2026-01-01', 'scr-core permit GP 2026-02-01')).toMatchObject({
      summary: 'dissent',
      viewRefused: true,
      secondaryUseRefused: true,
      lastDissent: CASE_NOW,
    });
  });

  it('denies nothing once it was withdrawn', () => {
    const { entries } = recordOf({ entries: ENTRIES, choices: ['unreadable x GP 2026-01-01'] });
    const withdrawn = entries.map((each) => ({ ...each, withdrawn: each.type === 'Consent' }));
    expect(choicesInForce(withdrawn, CASE_NOW).summary).toBe('none');
  });
});

describe('the last dissent', () => {
  const at = (text: string) => Date.parse(text);
  it.each([
    [['scr-dissent deny GP 2026-01-01'], CASE_NOW],
    [['scr-dissent deny GP 2026-01-01 until=2026-02-01'], at('2026-02-01T23:59:59.999Z')],
    [['scr-dissent deny GP 2026-01-01', 'scr-core permit GP 2026-02-01'], at('2026-02-01') - 1],
    [
      ['scr-dissent deny GP 2026-01-01', 'scr-core permit GP 2026-01-02 from=2026-02-01'],
      at('2026-02-01') - 1,
    ],
    [
      ['scr-dissent deny GP 2026-01-01 until=2026-02-20', 'scr-core permit GP 2026-02-01'],
      at('2026-02-01') - 1,
    ],
    [
      ['scr-dissent deny GP 2026-01-01', 'scr-core permit GP 2026-02-01 until=2026-02-20'],
      CASE_NOW,
    ],
    [['scr-dissent deny GP 2026-01-01 from=2026-04-01'], null],
    [['scr-dissent deny GP 2026-01-01 status=entered-in-error'], null],
    [['scr-dissent deny GP 2026-01-01', 'scr-core permit GP 2026-01-02 status=draft'], CASE_NOW],
    [['scr-dissent deny GP 2026-01-01', 'scr-core permit GP 2026-01-01'], CASE_NOW],
    [['scr-core permit GP 2026-01-01'], null],
  ])('of %j was at %s', (choices, moment) => {
    expect(inForce(...choices).lastDissent).toBe(moment);
  });
});
