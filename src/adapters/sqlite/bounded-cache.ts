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
  /** Puts a value in the place of another one, where one is held; else nothing happens. */
  replace(key: string, value: T, bytes: number): void;
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

  /** While there is much room, nobody asks for the order. */
  function touch(key: string, found: Held<T>): void {
    if (held.size < limits.entriesMax / 2 && bytesHeld < limits.bytesMax / 2) return;
    held.delete(key);
    held.set(key, found);
  }

  function drop(key: string): void {
    const found = held.get(key);
    if (found === undefined) return;
    held.delete(key);
    bytesHeld -= found.bytes;
  }

  function set(key: string, value: T, bytes: number): void {
    drop(key);
    if (bytes > limits.bytesMax) return;
    held.set(key, { value, bytes });
    bytesHeld += bytes;
    for (const oldest of held.keys()) {
      if (held.size <= limits.entriesMax && bytesHeld <= limits.bytesMax) break;
      drop(oldest);
    }
  }

  return {
    get(key) {
      const found = held.get(key);
      if (found === undefined) return undefined;
      touch(key, found);
      return found.value;
    },
    set,
    replace(key, value, bytes) {
      if (held.has(key)) set(key, value, bytes);
    },
  };
}

/**
 * The same, but a value is taken in only when its key comes for the second time before many others.
 * What is asked for once, as most of a large store is, then drives out nothing, and is gone before
 * the garbage collector has moved it to where collecting is dear.
 */
export function keptFromSecondUse<T>(cache: BoundedCache<T>, keysMax: number): BoundedCache<T> {
  let recent = new Set<string>();
  let before = new Set<string>();

  function cameBefore(key: string): boolean {
    const came = recent.has(key) || before.has(key);
    recent.add(key);
    if (recent.size > keysMax / 2) [before, recent] = [recent, new Set()];
    return came;
  }

  return {
    get: cache.get,
    replace: cache.replace,
    set(key, value, bytes) {
      if (cameBefore(key)) cache.set(key, value, bytes);
    },
  };
}
