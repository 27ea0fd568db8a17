/** What deployments change about the rules, loaded once from `profiles/rules.json`. */
export interface RuleData {
  /** Rule 10: how long an acute medication stays in the summary, in months. */
  readonly acuteMonths: number;
  /** Rule 10: how long a discontinued repeat stays in the summary, in months. */
  readonly discontinuedMonths: number;
  /** Rule 7: how long a self-claimed relationship lasts, in hours. */
  readonly claimHours: number;
  /** How long a generated document can be read again by its id, in hours. */
  readonly documentHours: number;
  /** Rule 3: codes as `system|code` that are excluded unless the patient asked for them. */
  readonly sensitiveCodes: ReadonlySet<string>;
}
