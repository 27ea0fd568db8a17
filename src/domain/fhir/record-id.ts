/** The id of the record that an entry id or Patient id belongs to. */
export function recordIdOf(resourceId: string): string {
  const dash = resourceId.indexOf('-');
  return dash === -1 ? resourceId : resourceId.slice(0, dash);
}
