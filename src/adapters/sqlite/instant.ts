/**
 * Epoch milliseconds of an instant; throws on what is none, which would find nothing in silence.
 */
export function instant(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new TypeError('not an instant');
  return ms;
}
