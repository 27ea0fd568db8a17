import { StoreUnavailable } from '../../ports/store.ts';
import type { GroupCommit } from './group-commit.ts';
import type { CommitOrder, CommitOutcome } from './record-write.ts';
import type { CommitFault, DoneCommit } from './write-messages.ts';
import type { WriteThread } from './write-thread.ts';

/** Makes commits; each resolves when it is durable. */
export interface Commits {
  make(order: CommitOrder): Promise<CommitOutcome>;
}

/** So many at once are worth the start of a thread. */
const MANY = 8;

/**
 * Commits by the writing thread while there is one: what they write, and the disk's sync, then hold
 * up no answer. By this thread until then: a process that lives for a few commits needs no other.
 */
export function commits(
  writes: GroupCommit,
  write: (order: CommitOrder) => CommitOutcome,
  thread: WriteThread,
): Commits {
  const apart = commitsApart(thread);
  let here = 0;

  async function makeHere(order: CommitOrder): Promise<CommitOutcome> {
    here += 1;
    if (here >= MANY) thread.start();
    try {
      return await writes.write(() => write(order));
    } finally {
      here -= 1;
    }
  }

  return { make: (order) => (thread.isReady() ? apart.make(order) : makeHere(order)) };
}

interface Waiting {
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

function commitsApart(thread: WriteThread): Commits {
  const waiting = new Map<number, Waiting>();
  let last = 0;

  function settle({ number, result }: DoneCommit): void {
    const one = waiting.get(number);
    waiting.delete(number);
    if (typeof result === 'string') one?.resolve(result);
    else one?.reject(errorOf(result));
  }

  thread.hear((message) => {
    if (message.kind === 'done') message.commits.forEach(settle);
    if (message.kind === 'ended') for (const number of [...waiting.keys()]) settle(lost(number));
    if (waiting.size === 0) thread.keepAlive(false);
  });

  return {
    make(order) {
      return new Promise((resolve, reject) => {
        if (waiting.size === 0) thread.keepAlive(true);
        last += 1;
        waiting.set(last, { resolve, reject });
        const own = withOwnMemory(order);
        thread.send({ kind: 'commit', number: last, order: own }, memoryOf(own));
      });
    },
  };
}

/**
 * A view would go to the other thread with all of the memory that it is a part of. Memory that is
 * handed over costs less than what is written into the message; the caller keeps theirs.
 */
function withOwnMemory(order: CommitOrder): CommitOrder {
  const own = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);
  return {
    ...order,
    fragments: order.fragments.map(({ id, bytes }) => ({ id, bytes: own(bytes) })),
    audit: order.audit.map((entry) => ({ ...entry, bytes: own(entry.bytes) })),
  };
}

function memoryOf({ fragments }: CommitOrder): ArrayBuffer[] {
  return fragments.map(({ bytes }) => bytes.buffer as ArrayBuffer);
}

/** Whether it was made is not known, as with a server that dies. */
function lost(number: number): DoneCommit {
  return { number, result: { isUnavailable: true, message: 'the writing thread has ended' } };
}

function errorOf({ isUnavailable, message }: CommitFault): Error {
  const error = new Error(message);
  return isUnavailable ? new StoreUnavailable(error) : error;
}
