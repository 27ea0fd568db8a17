import type { OdsCode } from '../record/ods-code.ts';

/** A message to the privacy officer of an organisation; it carries no patient identity. */
export interface Alert {
  readonly organization: OdsCode;
  readonly kind: AlertKind;
}

export type AlertKind = 'self-claim' | 'emergency-access' | 'legal-access' | 'patient-moved';
