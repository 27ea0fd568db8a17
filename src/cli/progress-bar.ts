/** Where progress is shown: standard error, or a stand-in for tests. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** How far a piece of work has got. */
export interface Progress {
  /**
   * One more of the whole is done. `note` is shown behind the count, such as a number of failures.
   */
  advance(note?: string): void;
  /** Prints a line without tearing the bar. */
  say(line: string): void;
  /** Leaves the last state standing and ends the line. */
  finish(): void;
}

const BAR_WIDTH = 30;
const PLAIN_LINES = 10;

/**
 * Shows progress over `total` steps: a bar that redraws itself on a terminal; elsewhere a plain
 * line at every tenth of the whole, so that a log stays short.
 */
export function showProgress(label: string, total: number, stream: ProgressStream): Progress {
  return stream.isTTY === true ? bar(label, total, stream) : lines(label, total, stream);
}

function bar(label: string, total: number, stream: ProgressStream): Progress {
  let done = 0;
  let tail = '';
  const draw = (): void => {
    const filled = total === 0 ? BAR_WIDTH : Math.floor((done / total) * BAR_WIDTH);
    const drawn = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    const text = `${label} ${drawn} ${done}/${total}${tail}`;
    stream.write(`\r\u001b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
  };
  draw();
  return {
    advance: (note = '') => {
      done += 1;
      tail = note === '' ? '' : ` ${note}`;
      draw();
    },
    say: (line) => {
      stream.write(`\r\u001b[K${line}\n`);
      draw();
    },
    finish: () => void stream.write('\n'),
  };
}

function lines(label: string, total: number, stream: ProgressStream): Progress {
  const every = Math.max(1, Math.ceil(total / PLAIN_LINES));
  let done = 0;
  return {
    advance: (note = '') => {
      done += 1;
      if (done % every !== 0 && done !== total) return;
      stream.write(`${label} ${done}/${total}${note === '' ? '' : ` ${note}`}\n`);
    },
    say: (line) => void stream.write(`${line}\n`),
    finish: () => {},
  };
}
