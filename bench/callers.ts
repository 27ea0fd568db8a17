import { memoryPeakOf } from './cpu-time.ts';
import type { Shot } from './load.ts';
import { medicationSearches, submitPatients } from './patients.ts';
import { newPlace, type Serving, startServer } from './processes.ts';
import type { Row } from './report.ts';
import { spreadOf } from './statistics.ts';
import { inTurns, type TurnPlan } from './turns.ts';

/** Each caller comes several times: once as somebody new, then as one of many who are known. */
const PLANS: readonly TurnPlan[] = [16, 64].map((connections) => ({
  connections,
  requests: 1_600 / connections,
  turns: 20,
}));

/**
 * What a worker holds in memory at most while so many clinicians ask, each for a patient of their
 * own and with a token of their own: nothing that is kept for one of them serves another.
 */
export async function manyCallers(callers: number): Promise<readonly Row[]> {
  const place = await newPlace();
  const server = await startServer(place);
  try {
    const shots = await medicationSearches(place, await submitPatients(place, server, callers));
    const next = inTurn(shots);
    const rows: Row[] = [];
    for (const plan of PLANS) {
      const [found] = await inTurns([{ name: 'read', server, next }], plan);
      if (found !== undefined) rows.push(...rowsOf(callers, plan, found.mainUs, server));
    }
    return rows;
  } finally {
    await server.stop();
    await place.remove();
  }
}

function inTurn(shots: readonly Shot[]): () => Shot {
  let n = 0;
  return () => {
    const shot = shots[n % shots.length];
    n += 1;
    if (shot === undefined) throw new Error('INVARIANT: there is somebody to ask');
    return shot;
  };
}

const less = { more: false, compared: false } as const;

function rowsOf(callers: number, plan: TurnPlan, mainUs: number, server: Serving): readonly Row[] {
  const name = `read by ${callers} callers, ${plan.connections} at once`;
  const peak = spreadOf([Math.max(...server.pids().map(memoryPeakOf))]);
  return [
    { name: `${name}: main thread`, unit: 'µs CPU', value: spreadOf([mainUs]), ...less },
    { name: `${name}: most memory`, unit: 'MB', value: peak, ...less, goal: 400 },
  ];
}
