const INDENT = '  ';

/**
 * A value as JSON text, one member to a line, as our formatter wants it. The same value gives the
 * same bytes.
 */
export function jsonText(value: unknown): string {
  return `${write(value, '')}\n`;
}

function write(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = indent + INDENT;
  if (Array.isArray(value)) {
    return list(
      '[',
      value.map((each) => inner + write(each, inner)),
      `${indent}]`,
    );
  }
  const members = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([name, each]) => `${inner}${JSON.stringify(name)}: ${write(each, inner)}`);
  return list('{', members, `${indent}}`);
}

function list(opening: string, items: readonly string[], closing: string): string {
  if (items.length === 0) return opening + closing.trim();
  return `${opening}\n${items.join(',\n')}\n${closing}`;
}
