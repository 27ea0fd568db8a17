/** An ODS organisation code, as sent (`A81001`). */
export type OdsCode = string;
