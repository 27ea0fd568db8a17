import type { FhirRoute } from './route.ts';

/** A route that answers a path, with the parts of the path that it names. */
export interface RouteMatch {
  readonly route: FhirRoute;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * The route that answers a method at a path behind the base (`/Patient/1`), as the server would
 * choose it: a fixed part comes before a named one. Null when there is none, or the path is badly
 * encoded.
 */
export function matchRoute(
  routes: readonly FhirRoute[],
  method: string,
  path: string,
): RouteMatch | null {
  const parts = decodedParts(path);
  if (parts === null) return null;
  const matches = routes
    .filter((route) => route.method === method)
    .map((route) => ({ route, params: paramsOf(route.path.split('/'), parts) }))
    .filter((match): match is RouteMatch => match.params !== null);
  const [first] = matches.sort((one, other) => count(one) - count(other));
  return first ?? null;
}

function count({ params }: RouteMatch): number {
  return Object.keys(params).length;
}

function paramsOf(
  template: readonly string[],
  parts: readonly string[],
): Readonly<Record<string, string>> | null {
  if (template.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, name] of template.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith(':') && part !== '') params[name.slice(1)] = part;
    else if (name !== part) return null;
  }
  return params;
}

function decodedParts(path: string): readonly string[] | null {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
