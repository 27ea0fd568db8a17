/** The id of the record that an entry id or Patient id belongs to. */
export function recordIdOf(resourceId: string): string {
  const dash = resourceId.indexOf('-');
  return dash === -1 ? resourceId : resourceId.slice(0, dash);
}

/**
 * The id in a reference that is of the form in which this server gives them out, wherever it leads;
 * null in every other reference.
 */
export function ourIdIn(reference: string): string | null {
  return /(?:^|\/)[A-Z][A-Za-z]+\/([0-9a-f]{24}(?:-[0-9a-f]{24})?)$/.exec(reference)?.[1] ?? null;
}
