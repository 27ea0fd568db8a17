import { readFileSync } from 'node:fs';

/** CPU time that a process has used, in microseconds: by its main thread, and by all of them. */
export interface CpuTime {
  readonly mainUs: number;
  readonly allUs: number;
}

/** Linux counts in ticks of 10 ms; null elsewhere. */
export function cpuTimeOf(pid: number): CpuTime | null {
  if (process.platform !== 'linux') return null;
  return { mainUs: ticksIn(`/proc/${pid}/task/${pid}/stat`), allUs: ticksIn(`/proc/${pid}/stat`) };
}

const TICK_US = 10_000;

function ticksIn(path: string): number {
  // The command's name, in brackets, may hold blanks; utime and stime are the 12th and 13th behind it.
  const fields = readFileSync(path, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}
