import { addMonths, dayOf } from '../../fhir/calendar.ts';
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
  withholds(entry, { requester, data, now }) {
    const { role, organization } = requester.caller;
    if (role === 'patient' || organization === entry.recordedBy) return false;
    return entry.medication !== undefined && !isInWindow(entry.medication, data, now);
  },
};

function isInWindow(facts: MedicationFacts, data: RuleData, now: number): boolean {
  const today = dayOf(now);
  if (isAcute(facts, today)) {
    return isSince(facts.issued, addMonths(today, -data.acuteMonths));
  }
  // Anything but stopped or completed still stands on the patient's list.
  if (facts.status !== 'stopped' && facts.status !== 'completed') return true;
  return isSince(facts.end, addMonths(today, -data.discontinuedMonths));
}

// Without a usable date the entry is disclosed: losing a medicine is worse than showing an old one.
function isSince(day: string | null, begin: string): boolean {
  return day === null || day >= begin;
}
