import { addMonths, type Day, dayOf } from '../../fhir/calendar.ts';
import { isAcute, type MedicationFacts } from '../../record/medication-facts.ts';
import type { EntryRule } from '../rule.ts';
import type { RuleData } from '../rule-data.ts';

/**
 * Rule 10. Viewers get current repeats, acute medication of the last 12 months and repeats
 * discontinued in the last 6; the organisation that recorded it and the patient get all.
 */
export const summaryWindow: EntryRule = {
  id: 'summary-window',
  reason: 'This medicine is too long ago for the summary.',
  source: 'Contract, section 4, rule 10; domain brief, section 1.1',
  types: ['MedicationStatement'],
  withholds(entry, { requester, data, now }) {
    const { role, organization } = requester.caller;
    if (role === 'patient' || organization === entry.recordedBy) return false;
    return entry.medication !== undefined && !isInWindow(entry.medication, windowsAt(now, data));
  },
  concerns: ({ requester }) => requester.caller.role !== 'patient',
};

/** The days that the windows begin on, seen from a day. */
interface Windows {
  readonly dayNumber: number;
  readonly data: RuleData;
  readonly today: Day;
  readonly acuteFrom: Day;
  readonly discontinuedFrom: Day;
}

/** Those of the last day asked about: every entry of every record asks about the same one. */
let lastWindows: Windows | null = null;

function windowsAt(now: number, data: RuleData): Windows {
  const dayNumber = Math.floor(now / DAY_MS);
  if (lastWindows?.dayNumber === dayNumber && lastWindows.data === data) return lastWindows;
  const today = dayOf(now);
  lastWindows = {
    dayNumber,
    data,
    today,
    acuteFrom: addMonths(today, -data.acuteMonths),
    discontinuedFrom: addMonths(today, -data.discontinuedMonths),
  };
  return lastWindows;
}

const DAY_MS = 86_400_000;

function isInWindow(facts: MedicationFacts, windows: Windows): boolean {
  if (isAcute(facts, windows.today)) return isSince(facts.issued, windows.acuteFrom);
  if (facts.status === 'active') return true;
  const discontinued = facts.status === 'stopped' || facts.status === 'completed';
  return discontinued && isSince(facts.end, windows.discontinuedFrom);
}

// Without a usable date the entry is disclosed: losing a medicine is worse than showing an old one.
function isSince(day: string | null, begin: string): boolean {
  return day === null || day >= begin;
}
