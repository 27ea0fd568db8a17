/** A calendar day as FHIR writes it, `YYYY-MM-DD`; text order is time order. */
export type Day = string;

/** What rule 10 (summary windows) needs of a MedicationStatement, worked out once at commit. */
export interface MedicationFacts {
  /** Stated by the plan, the course of therapy or the statement itself; else worked out from the dates. */
  readonly prescription: 'acute' | 'repeat' | 'unstated';
  readonly status: string;
  /** `effective[x]`: the first and last day that it can mean. */
  readonly start: Day | null;
  readonly end: Day | null;
  /** The day that an acute medication is dated by: last issue, else start, else asserted. */
  readonly issued: Day | null;
}
