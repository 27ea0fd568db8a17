/** A message to the privacy officer of an organisation; it carries no patient identity. */
export interface Alert {
  /** ODS code. */
  readonly organization: string;
  readonly kind: AlertKind;
}

export const ALERT_KINDS = [
  'self-claim',
  'emergency-access',
  'legal-access',
  'patient-moved',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];
