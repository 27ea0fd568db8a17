import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { disclose } from '../../../src/domain/consent/disclose.ts';
import { RULE_IDS } from '../../../src/domain/consent/rule.ts';
import {
  CASE_NOW,
  CASE_RULES,
  type CaseRecord,
  namesOf,
  outcomeOf,
  recordOf,
  requesterOf,
} from './case-record.ts';
import { type Judgement, judge } from './oracle.ts';

interface Case {
  readonly title: string;
  readonly record: string;
  readonly also?: Readonly<Record<string, string>>;
  readonly choices?: readonly string[];
  readonly practice?: string | null;
  readonly dissentSeenAt?: string;
  readonly acceptedAt?: Readonly<Record<string, string>>;
  readonly caller: string;
  readonly now?: string;
  readonly absent?: string;
  readonly refused?: string;
  readonly visible?: string;
  readonly consents?: string;
  readonly gone?: string;
  readonly rules?: Readonly<Record<string, number>>;
  readonly alert?: string;
  readonly entitled?: Readonly<Record<string, string>>;
}

const FOLDER = new URL('../../cases/consent/', import.meta.url);

function fileOf<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as T;
}

const RECORDS = fileOf<Record<string, Record<string, string>>>('records.json');
const FILES = readdirSync(FOLDER).filter((name) => /^(?!records).*\.json$/.test(name));
const CASES = FILES.flatMap((name) =>
  fileOf<readonly Case[]>(name).map((each) => ({ ...each, name })),
);

function shortOf(each: Case): CaseRecord {
  const { record, also, choices, practice, dissentSeenAt, acceptedAt } = each;
  const entries = RECORDS[record];
  if (entries === undefined) throw new Error(`there is no record ${record}`);
  return {
    entries: { ...entries, ...also },
    ...(choices && { choices }),
    ...(practice !== undefined && { practice }),
    ...(dissentSeenAt && { dissentSeenAt }),
    ...(acceptedAt && { acceptedAt }),
  };
}

function expectedOf(each: Case): object {
  if (each.absent !== undefined) return { absent: each.absent };
  if (each.refused !== undefined) return { refused: each.refused };
  const sorted = (text = '') => text.split(' ').sort().join(' ');
  return {
    visible: sorted(each.visible),
    consents: sorted(each.consents),
    gone: sorted(each.gone),
    rules: each.rules ?? {},
    alert: each.alert ?? null,
  };
}

function seenBy(caller: string, short: CaseRecord, now: number): readonly string[] {
  const decision = disclose(recordOf(short), requesterOf(caller), CASE_RULES, now);
  if (decision.outcome === 'refused') return [];
  return namesOf(
    short,
    [...(decision.view?.entries ?? [])].map((entry) => entry.id),
  );
}

function momentOf(each: Case): number {
  return each.now === undefined ? CASE_NOW : Date.parse(each.now);
}

describe.each(FILES)('%s', (name) => {
  const cases = CASES.filter((each) => each.name === name);

  it.each(cases)('$title', (each) => {
    const short = shortOf(each);
    const now = momentOf(each);
    const decision = disclose(recordOf(short), requesterOf(each.caller), CASE_RULES, now);
    expect(outcomeOf(short, decision)).toEqual(expectedOf(each));
  });

  it.each(cases)('an entitled caller sees what is withheld where $title', (each) => {
    const short = shortOf(each);
    const now = momentOf(each);
    const visible = new Set(seenBy(each.caller, short, now));
    const withheld = recordOf(short).entries.filter((entry) => !entry.withdrawn);
    const names = namesOf(
      short,
      withheld.map((entry) => entry.id),
    );
    const owed = names.filter((one) => !visible.has(one) && !one.includes('@'));
    const paid = Object.entries(each.entitled ?? {}).flatMap(([caller, keys]) => {
      expect(seenBy(caller, short, now)).toEqual(expect.arrayContaining(keys.split(' ')));
      return keys.split(' ');
    });
    expect(paid.filter((one) => !one.includes('@')).sort()).toEqual(owed);
  });

  it.each(cases)('the contract read naively says the same where $title', (each) => {
    const short = shortOf(each);
    const requester = requesterOf(each.caller);
    const judgement = judge(recordOf(short), requester, CASE_RULES, momentOf(each));
    expect(shown(judgement, short)).toEqual(shown(each, short));
  });
});

/** Outcome and visible names alone: the naive reading knows of no counts. */
function shown(of: Judgement | Case, short: CaseRecord): string {
  if ('kind' in of) {
    return of.kind === 'view' ? namesOf(short, [...of.visible]).join(' ') : of.kind;
  }
  if (of.absent !== undefined) return 'absent';
  if (of.refused !== undefined) return 'refused';
  const names = `${of.visible ?? ''} ${of.consents ?? ''}`.split(' ').filter((name) => name !== '');
  return names.sort().join(' ');
}

it('there is a case for every rule, and more than sixty in all', () => {
  const told = new Set(
    CASES.flatMap((each) => [each.absent, each.refused, ...Object.keys(each.rules ?? {})]),
  );
  const elsewhere = ['version', 'scope'];
  expect(RULE_IDS.filter((rule) => !told.has(rule) && !elsewhere.includes(rule))).toEqual([]);
  expect(CASES.length).toBeGreaterThan(60);
  expect(new Set(CASES.map((each) => each.title)).size).toBe(CASES.length);
});
