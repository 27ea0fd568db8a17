/**
 * Remembers what was worked out for an object that never changes: for the one that was asked for
 * last, and for those that are asked for again later. Not for each: what a weak map holds survives
 * the collections of young objects, so that remembering what is never asked for again would fill
 * the old generation with it.
 */
export function keptPer<K extends object, V extends object>(work: (key: K) => V): (key: K) => V {
  const asked = new WeakSet<K>();
  const kept = new WeakMap<K, V>();
  let last: { readonly key: K; readonly value: V } | null = null;

  function workedOut(key: K): V {
    const value = work(key);
    if (asked.has(key)) kept.set(key, value);
    else asked.add(key);
    return value;
  }

  return (key) => {
    if (last?.key !== key) last = { key, value: kept.get(key) ?? workedOut(key) };
    return last.value;
  };
}
