import { SEALED_MAX, type Seal } from '../../domain/audit/seal.ts';
import { StoreUnavailable } from '../../ports/store.ts';
import type { SealEntries } from './sealing-here.ts';
import type { FromWriteThread } from './write-messages.ts';
import type { WriteThread } from './write-thread.ts';

interface Waiting {
  readonly resolve: (seal: Seal | null) => void;
  readonly reject: (reason: unknown) => void;
}

/** By the writing thread while there is one: reading a thousand entries would hold up answers. */
export function sealing(thread: WriteThread, here: SealEntries): SealEntries {
  let waiting: Waiting[] = [];

  function heard(message: Extract<FromWriteThread, { kind: 'sealed' }>): void {
    const next = waiting.shift();
    if (message.fault === null) next?.resolve(message.seal);
    else next?.reject(new StoreUnavailable(new Error(message.fault)));
  }

  thread.hear((message) => {
    if (message.kind === 'sealed') heard(message);
    if (message.kind !== 'ended') return;
    const left = waiting;
    waiting = [];
    for (const { reject } of left) reject(new StoreUnavailable(new Error(ENDED)));
  });

  async function whileNoThread(now: number): Promise<Seal | null> {
    const seal = await here(now);
    // There is more: perhaps a log of before there were seals.
    if (seal?.entries === SEALED_MAX) thread.start();
    return seal;
  }

  return (now) => {
    if (!thread.isReady()) return whileNoThread(now);
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      thread.send({ kind: 'seal', now });
    });
  };
}

const ENDED = 'the writing thread has ended';
