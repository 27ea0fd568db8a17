/**
 * Names and values as the query of a URL (application/x-www-form-urlencoded), as the platform
 * writes it.
 */
export function queryText(parameters: readonly (readonly [string, string])[]): string {
  const pairs = parameters.map(([name, value]) => `${name}=${value}`);
  // Most need no escaping, and then this is all.
  if (pairs.every((pair) => IS_PLAIN.test(pair))) return pairs.join('&');
  return new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString();
}

/** Of what is not escaped, with one equals sign between name and value. */
const IS_PLAIN = /^[\w*.-]*=[\w*.-]*$/;
