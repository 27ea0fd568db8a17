const NAMES = new Map<string, string>();

/**
 * The JSON name of the id and extensions of a simple value: `_birthDate`. Kept, since putting the
 * text together anew for each element costs more than all else that is done with it. Only for names
 * that the model has; never for what was sent, which has no end.
 */
export function siblingOf(name: string): string {
  const known = NAMES.get(name);
  if (known !== undefined) return known;
  const sibling = `_${name}`;
  NAMES.set(name, sibling);
  return sibling;
}
