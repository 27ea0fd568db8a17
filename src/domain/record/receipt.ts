/** Proof that a submission was accepted, kept so that the same one again gets the same answer. */
export interface Receipt {
  /** Digest of the submitting organisation and `Bundle.identifier`. */
  readonly key: string;
  /** Digest of the record Bundle: the same identifier on other content is a conflict. */
  readonly content: string;
  readonly answer: SubmissionAnswer;
}

/**
 * What `$submit-record` answers: how many entries were …, and the version of the organisation's
 * record.
 */
export interface SubmissionAnswer {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly withdrawn: number;
  readonly version: number;
  /** The Patient's id. */
  readonly patient: string;
}
