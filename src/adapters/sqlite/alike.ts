/**
 * Whether two values, of what JSON knows alone, have the same JSON: what they hold is equal and in
 * the same order.
 */
export function isAlike(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!isPlain(one) || !isPlain(other)) return false;
  return Array.isArray(one)
    ? Array.isArray(other) && areAlike(one, other)
    : !Array.isArray(other) && haveAlike(one, other);
}

type Plain = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null;
}

function areAlike(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((each, place) => isAlike(each, other[place]));
}

function haveAlike(one: Plain, other: Plain): boolean {
  const names = Object.keys(one);
  return (
    areAlike(names, Object.keys(other)) && names.every((name) => isAlike(one[name], other[name]))
  );
}
