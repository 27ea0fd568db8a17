/**
 * Epoch milliseconds of an instant; throws on what is none, which would find nothing in silence.
 */
export function instant(text: string): number {
  // Many entries are of one millisecond.
  if (text === last.text) return last.ms;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new TypeError('not an instant');
  last = { text, ms };
  return ms;
}

let last: { readonly text: string | null; readonly ms: number } = { text: null, ms: 0 };
