/** What a cache may hold at most. */
export interface CacheLimits {
  readonly entriesMax: number;
  /** The sum of what each value counts as, which is for whoever puts it in to say. */
  readonly bytesMax: number;
}

/** Values that never change, by their key: nothing in it is ever out of date. */
export interface BoundedCache<T> {
  get(key: string): T | undefined;
  set(key: string, value: T, bytes: number): void;
}

interface Held<T> {
  readonly value: T;
  readonly bytes: number;
}

/** An empty cache that drops what was used longest ago. */
export function boundedCache<T>(limits: CacheLimits): BoundedCache<T> {
  // A Map iterates in order of insertion: what is used is put in again, so the first is the oldest.
  const held = new Map<string, Held<T>>();
  let bytesHeld = 0;

  function drop(key: string): void {
    const found = held.get(key);
    if (found === undefined) return;
    held.delete(key);
    bytesHeld -= found.bytes;
  }

  return {
    get(key) {
      const found = held.get(key);
      if (found === undefined) return undefined;
      held.delete(key);
      held.set(key, found);
      return found.value;
    },
    set(key, value, bytes) {
      drop(key);
      if (bytes > limits.bytesMax) return;
      held.set(key, { value, bytes });
      bytesHeld += bytes;
      for (const oldest of held.keys()) {
        if (held.size <= limits.entriesMax && bytesHeld <= limits.bytesMax) break;
        drop(oldest);
      }
    },
  };
}
