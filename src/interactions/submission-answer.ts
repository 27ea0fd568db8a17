import type { SubmissionAnswer } from '../domain/record/receipt.ts';

/** The Parameters resource that `$submit-record` answers with, as UTF-8. */
export function submissionAnswer(answer: SubmissionAnswer): readonly Uint8Array[] {
  const count = (name: 'created' | 'updated' | 'unchanged' | 'withdrawn' | 'version') => ({
    name,
    valueUnsignedInt: answer[name],
  });
  const parameters = {
    resourceType: 'Parameters',
    parameter: [
      count('created'),
      count('updated'),
      count('unchanged'),
      count('withdrawn'),
      count('version'),
      { name: 'patient', valueReference: { reference: `Patient/${answer.patient}` } },
    ],
  };
  return [new TextEncoder().encode(JSON.stringify(parameters))];
}
