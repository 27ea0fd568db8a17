import { StoreUnavailable } from '../../ports/store.ts';
import type { GroupCommit } from './group-commit.ts';
import type { CommitOrder, CommitOutcome } from './record-write.ts';
import type { CommitFault, CommitResult } from './write-messages.ts';
import type { WriteThread } from './write-thread.ts';

/** Makes commits; each resolves when it is durable. */
export interface Commits {
  make(order: CommitOrder): Promise<CommitOutcome>;
}

/** How many share one transaction at most. */
const GROUP_MAX = 512;

/** So many at once are worth the start of a thread. */
const MANY = 8;

/**
 * Commits by the writing thread while there is one: what they write, and the disk's sync, then hold
 * up no answer. By this thread until then: a process that lives for a few commits needs no other.
 * And for good once that thread has ended: what it died of, indexing perhaps, may come again, and
 * must not take commits with it.
 */
export function commits(
  writes: GroupCommit,
  write: (order: CommitOrder) => CommitOutcome,
  thread: WriteThread,
): Commits {
  const apart = commitsApart(thread);
  let hasEnded = false;
  let here = 0;
  thread.hear(({ kind }) => {
    hasEnded ||= kind === 'ended';
  });

  async function makeHere(order: CommitOrder): Promise<CommitOutcome> {
    here += 1;
    if (here >= MANY && !hasEnded) thread.start();
    try {
      return await writes.write(() => write(order));
    } finally {
      here -= 1;
    }
  }

  const isTrusted = (): boolean => thread.isReady() && !hasEnded;
  return { make: (order) => (isTrusted() ? apart.make(order) : makeHere(order)) };
}

interface Waiting {
  readonly order: CommitOrder;
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * What comes while the thread makes commits is the next group, as with `groupCommit`: many small
 * ones would cost both threads more than they save.
 */
function commitsApart(thread: WriteThread): Commits {
  let queue: Waiting[] = [];
  let sent: readonly Waiting[] = [];

  function sendGroup(): void {
    if (sent.length > 0 || queue.length === 0) return;
    sent = queue.splice(0, GROUP_MAX);
    const orders = sent.map(({ order }) => withOwnMemory(order));
    thread.send({ kind: 'commit', orders }, orders.flatMap(memoryOf));
  }

  function settle(results: readonly CommitResult[]): void {
    for (const [place, { resolve, reject }] of sent.entries()) {
      const result = results[place] ?? LOST;
      if (typeof result === 'string') resolve(result);
      else reject(errorOf(result));
    }
    sent = [];
    if (queue.length === 0) thread.keepAlive(false);
    else setImmediate(sendGroup);
  }

  thread.hear((message) => {
    if (message.kind === 'done') settle(message.results);
    if (message.kind !== 'ended') return;
    sent = [...sent, ...queue];
    queue = [];
    settle([]);
  });

  return {
    make(order) {
      return new Promise((resolve, reject) => {
        if (queue.length === 0 && sent.length === 0) thread.keepAlive(true);
        queue.push({ order, resolve, reject });
        // Behind what else is worked out in this turn of the event loop, and belongs to the group.
        if (queue.length === 1) setImmediate(sendGroup);
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
const LOST: CommitFault = { isUnavailable: true, message: 'the writing thread has ended' };

function errorOf({ isUnavailable, message }: CommitFault): Error {
  const error = new Error(message);
  return isUnavailable ? new StoreUnavailable(error) : error;
}
