import { readFileSync } from 'node:fs';

/**
 * CPU time in microseconds, by Linux's count in ticks of 10 ms. What a request costs of it is a
 * steadier figure than how many are answered in a second on a machine that others work on too.
 */
export interface CpuTime {
  readonly mainUs: number;
  readonly allUs: number;
}

const TICK_US = 10_000;

/** What a process has used: its main thread, and all of its threads. */
export function cpuTimeOf(pid: number): CpuTime {
  return { mainUs: ticksIn(`/proc/${pid}/task/${pid}/stat`), allUs: ticksIn(`/proc/${pid}/stat`) };
}

/** What everything on the machine has used together. */
export function cpuTimeOfAll(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) * TICK_US;
}

function ticksIn(path: string): number {
  // The command's name, in brackets, may hold blanks; utime and stime are the 12th and 13th behind
  // it.
  const fields = readFileSync(path, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** What a process holds in memory (resident set), in megabytes. */
export function memoryOf(pid: number): number {
  return megabytesIn(pid, 'VmRSS');
}

/** The most that a process ever held in memory, in megabytes. */
export function memoryPeakOf(pid: number): number {
  return megabytesIn(pid, 'VmHWM');
}

function megabytesIn(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
}
