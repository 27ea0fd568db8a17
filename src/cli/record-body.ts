/**
 * The body of `$submit-record` for a record Bundle, or for Parameters that hold one already; null
 * when the text is neither. The text itself is passed on, never written anew: `1.50` stays `1.50`.
 */
export function submissionBody(text: string): string | null {
  switch (resourceTypeOf(text)) {
    case 'Bundle':
      return `{"resourceType":"Parameters","parameter":[{"name":"record","resource":${text}}]}`;
    case 'Parameters':
      return text;
    default:
      return null;
  }
}

function resourceTypeOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return (value as { readonly resourceType?: unknown } | null)?.resourceType;
  } catch {
    // Not JSON is as good as no resource: the caller says which file it was.
    return undefined;
  }
}

/** What an OperationOutcome says is wrong, where; the text of anything else is not passed on. */
export function faultsIn(body: string): readonly string[] {
  try {
    const outcome = JSON.parse(body) as Outcome | null;
    if (outcome?.resourceType !== 'OperationOutcome') return [];
    return (outcome.issue ?? []).map(({ code, diagnostics, expression }) => {
      const place = expression?.[0] === undefined ? '' : ` (${expression[0]})`;
      return `${diagnostics ?? code ?? 'no reason given'}${place}`;
    });
  } catch {
    // A proxy's error page: its status alone is reported.
    return [];
  }
}

interface Outcome {
  readonly resourceType?: string;
  readonly issue?: readonly {
    readonly code?: string;
    readonly diagnostics?: string;
    readonly expression?: readonly string[];
  }[];
}
