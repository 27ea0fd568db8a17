import type { Caller } from '../access/caller.ts';
import type { Problem } from '../problem.ts';
import { withoutToken } from './clean-text.ts';
import type { AuditAction, AuditAgent, AuditEntry, AuditOutcome } from './entry.ts';

/** What every audit entry of one request has in common. */
export interface AuditFrame {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly interaction: string;
  readonly action: AuditAction;
  readonly caller: Caller | null;
  readonly requestId: string;
  readonly target: string | null;
}

/** What differs from entry to entry; whatever is left out is empty. */
export type AuditDetails = Partial<
  Pick<
    AuditEntry,
    'patient' | 'entities' | 'entityNames' | 'rules' | 'alert' | 'claim' | 'resolution'
  >
>;

/** The audit entry of something that was done and answered. */
export function successEntry(frame: AuditFrame, details: AuditDetails): AuditEntry {
  return compose(frame, details, '0', null);
}

/** The audit entry of a refusal or a failure; `outcomeDesc` is our own words, never stored data. */
export function failureEntry(
  frame: AuditFrame,
  problem: Problem,
  details: AuditDetails = {},
): AuditEntry {
  const outcome = problem.kind === 'unavailable' || problem.kind === 'unexpected' ? '8' : '4';
  return compose(frame, details, outcome, `${problem.kind}: ${problem.issues[0].diagnostics}`);
}

function compose(
  frame: AuditFrame,
  details: AuditDetails,
  outcome: AuditOutcome,
  outcomeDesc: string | null,
): AuditEntry {
  return {
    id: frame.id,
    recorded: instantOf(frame.now),
    interaction: frame.interaction,
    action: frame.action,
    outcome,
    outcomeDesc,
    agent: frame.caller === null ? null : agentOf(frame.caller),
    patient: details.patient ?? null,
    entities: details.entities ?? [],
    entityNames: details.entityNames ?? [],
    query: frame.target === null ? null : withoutToken(frame.target),
    requestId: frame.requestId,
    rules: details.rules ?? [],
    alert: details.alert ?? null,
    claim: details.claim ?? null,
    ...(details.resolution === undefined ? {} : { resolution: details.resolution }),
  };
}

/** The same for each entry of a caller: who writes entries need not write it anew. */
function agentOf(caller: Caller): AuditAgent {
  const known = AGENTS.get(caller);
  if (known !== undefined) return known;
  const agent = newAgent(caller);
  AGENTS.set(caller, agent);
  return agent;
}

const AGENTS = new WeakMap<Caller, AuditAgent>();

function newAgent(caller: Caller): AuditAgent {
  return {
    issuer: caller.issuer,
    subject: caller.subject,
    name: caller.name,
    organization: caller.organization,
    organizationName: caller.organizationName,
    role: caller.role,
    purpose: caller.purpose,
    client: caller.client,
    tokenId: caller.tokenId,
  };
}

/** Many entries are of one millisecond. */
function instantOf(now: number): string {
  if (lastInstant.now !== now) lastInstant = { now, text: new Date(now).toISOString() };
  return lastInstant.text;
}

let lastInstant = { now: Number.NaN, text: '' };
