import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { POLICIES } from '../../../src/domain/record/choice.ts';
import { NAMING_POLICIES, readChoice } from '../../../src/domain/record/read-choice.ts';
import { aConsent, ODS } from '../../support/bundles.ts';

const CONTEXT = {
  organization: (reference: JsonObject) => {
    const identifier = reference.identifier as JsonObject | undefined;
    return identifier?.system === ODS ? String(identifier.value) : null;
  },
  entry: (reference: JsonObject) =>
    reference.reference === 'AllergyIntolerance/known' ? 'entry-1' : null,
};
const DATA = [{ meaning: 'instance', reference: { reference: 'AllergyIntolerance/known' } }];

/** What the contract's table allows, policy by policy. */
const TABLE: Readonly<Record<(typeof POLICIES)[number], readonly string[]>> = {
  'scr-core-and-additional': ['permit'],
  'scr-core': ['permit'],
  'scr-dissent': ['deny'],
  view: ['permit', 'deny'],
  'sharing-out': ['permit', 'deny'],
  'sharing-in': ['permit', 'deny'],
  'private-entry': ['deny'],
  'include-sensitive': ['permit'],
  'secondary-use': ['permit', 'deny'],
};

function read(consent: object): ReturnType<typeof readChoice> {
  return readChoice(consent as JsonObject, 'C', CONTEXT);
}

function expressionsOf(consent: object): readonly (string | undefined)[] {
  const { choice, issues } = read(consent);
  expect(choice === null).toBe(issues.length > 0);
  return issues.map((issue) => issue.expression);
}

function sharing(more: object = {}): object {
  return aConsent('p1', 'sharing-out', 'deny', 'A81001', more);
}

function sharingWith(provision: object): object {
  return sharing({ provision: { type: 'deny', ...provision } });
}

function privacy(provision: object): object {
  return aConsent('p1', 'private-entry', 'deny', 'A81001', { provision });
}

describe.each(POLICIES)('the policy %s', (policy) => {
  it.each(['permit', 'deny'] as const)('with %s is read as the contract says', (type) => {
    const data = NAMING_POLICIES.includes(policy) ? { data: DATA } : {};
    const consent = aConsent('p1', policy, type, 'A81001', { provision: { type, ...data } });
    if (!TABLE[policy].includes(type)) {
      expect(expressionsOf(consent)).toEqual(['C.provision.type']);
      return;
    }
    expect(read(consent)).toEqual({
      choice: {
        policy,
        permits: type === 'permit',
        organization: 'A81001',
        active: true,
        madeAt: Date.parse('2026-03-01T09:00:00Z'),
        from: null,
        until: null,
        names: NAMING_POLICIES.includes(policy) ? ['entry-1'] : [],
      },
      issues: [],
    });
  });
});

describe('a Consent is no choice', () => {
  it.each(['actor', 'action', 'securityLabel', 'purpose', 'class', 'code', 'dataPeriod'])(
    'when its provision has %s, which the rules cannot evaluate',
    (name) => {
      expect(expressionsOf(sharingWith({ [name]: [{}] }))).toEqual([`C.provision.${name}`]);
    },
  );

  it('when it has nested provisions or modifiers', () => {
    expect(expressionsOf(sharingWith({ provision: [{ type: 'permit' }] }))).toEqual([
      'C.provision.provision',
    ]);
    expect(expressionsOf(sharingWith({ modifierExtension: [{}] }))).toEqual([
      'C.provision.modifierExtension',
    ]);
    for (const name of ['policyRule', 'modifierExtension', 'implicitRules']) {
      expect(expressionsOf(sharing({ [name]: {} }))).toEqual([`C.${name}`]);
    }
  });

  it('when its policy or an entry that it names is modified', () => {
    const [policy] = (sharing() as { policy: object[] }).policy;
    expect(expressionsOf(sharing({ policy: [{ ...policy, modifierExtension: [{}] }] }))).toEqual([
      'C.policy[0].modifierExtension',
    ]);
    const data = [...DATA, { ...DATA[0], modifierExtension: [{}] }];
    expect(expressionsOf(privacy({ type: 'deny', data }))).toEqual([
      'C.provision.data[1].modifierExtension',
    ]);
  });

  it('when its policy is unknown, missing, or not the only one', () => {
    const [policy] = (sharing() as { policy: object[] }).policy;
    for (const each of [[], [policy, policy], [{ uri: 'x' }], [{}], policy, undefined]) {
      expect(expressionsOf(sharing({ policy: each }))).toEqual(['C.policy']);
    }
  });

  it('when its organisation is missing, not the only one, or has no ODS code', () => {
    const { organization } = sharing() as { organization: object[] };
    const [one] = organization;
    for (const each of [[], [one, one], [{ display: 'GP' }], one, undefined]) {
      expect(expressionsOf(sharing({ organization: each }))).toEqual(['C.organization']);
    }
  });

  it('when it does not say permit or deny', () => {
    for (const provision of [{}, undefined, [], { type: 'Permit' }, { type: null }, 'deny']) {
      expect(expressionsOf(sharing({ provision }))).toEqual(['C.provision.type']);
    }
  });

  it('when it is not dated', () => {
    for (const dateTime of [undefined, 'yesterday', '2026-02-30', 20260301]) {
      expect(expressionsOf(sharing({ dateTime }))).toEqual(['C.dateTime']);
    }
  });

  it('when its status is none that FHIR knows: a dissent must not be lost by a slip', () => {
    for (const status of ['Active', '', undefined, true]) {
      expect(expressionsOf(sharing({ status }))).toEqual(['C.status']);
    }
  });

  it('when its period cannot be read', () => {
    expect(expressionsOf(sharingWith({ period: { start: 'x', end: '2026-02-30' } }))).toEqual([
      'C.provision.period.start',
      'C.provision.period.end',
    ]);
    expect(expressionsOf(sharingWith({ period: { end: 2026 } }))).toEqual([
      'C.provision.period.end',
    ]);
    for (const period of ['2026', [{ end: '2026' }], null]) {
      expect(expressionsOf(sharingWith({ period }))).toEqual(['C.provision.period']);
    }
  });

  it('when it must name entries and names none, or others than this record’s', () => {
    for (const data of [undefined, [], {}, ['AllergyIntolerance/known']]) {
      expect(expressionsOf(privacy({ type: 'deny', data }))).toContain('C.provision.data');
    }
    const data = [
      DATA[0],
      { meaning: 'related', reference: DATA[0]?.reference },
      { meaning: 'instance', reference: { reference: 'AllergyIntolerance/other' } },
      {},
    ];
    expect(expressionsOf(privacy({ type: 'deny', data }))).toEqual([
      'C.provision.data[1].meaning',
      'C.provision.data[2].reference',
      'C.provision.data[3].meaning',
      'C.provision.data[3].reference',
    ]);
  });

  it('when it names entries and is not about entries', () => {
    expect(expressionsOf(sharingWith({ data: DATA }))).toEqual(['C.provision.data']);
    expect(expressionsOf(sharingWith({ data: DATA[0] }))).toEqual(['C.provision.data']);
  });

  it('for all of its faults at once', () => {
    expect(expressionsOf({ resourceType: 'Consent', policyRule: {} })).toEqual([
      'C.status',
      'C.policy',
      'C.provision.type',
      'C.organization',
      'C.dateTime',
      'C.policyRule',
    ]);
  });
});

describe('a choice', () => {
  it.each(['draft', 'proposed', 'rejected', 'inactive', 'entered-in-error'])(
    'with the status %s is read and is not active',
    (status) => {
      expect(read(sharing({ status })).choice).toMatchObject({ active: false });
    },
  );

  it('is made at the earliest moment that its date can mean', () => {
    expect(read(sharing({ dateTime: '2026-02' })).choice?.madeAt).toBe(Date.UTC(2026, 1, 1));
    expect(read(sharing({ dateTime: '2026-02-03T10:00:00+01:00' })).choice?.madeAt).toBe(
      Date.UTC(2026, 1, 3, 9),
    );
  });

  it('holds for all of its period, both ends included, open where it says nothing', () => {
    const periodOf = (period: object) => {
      const { from, until } = read(sharingWith({ period })).choice ?? {};
      return { from, until };
    };
    expect(periodOf({ start: '2026-02', end: '2026-02' })).toEqual({
      from: Date.UTC(2026, 1, 1),
      until: Date.UTC(2026, 2, 1) - 1,
    });
    expect(periodOf({ start: '2026' })).toEqual({ from: Date.UTC(2026, 0, 1), until: null });
    expect(periodOf({ end: '2026-01-01T00:00:00Z' })).toEqual({
      from: null,
      until: Date.UTC(2026, 0, 1) + 999,
    });
    expect(periodOf({})).toEqual({ from: null, until: null });
  });

  it('may carry what does not change its meaning', () => {
    const more = {
      extension: [{}],
      verification: [{ verified: true }],
      text: {},
      sourceReference: {},
    };
    expect(read(sharing(more)).issues).toEqual([]);
  });
});
