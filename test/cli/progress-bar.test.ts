import { expect, test } from 'vitest';
import { showProgress } from '../../src/cli/progress-bar.ts';

function streamTo(written: string[], isTTY: boolean, columns?: number) {
  return { isTTY, columns, write: (text: string) => written.push(text) };
}

test('draws a bar that fills up on a terminal', () => {
  const written: string[] = [];
  const progress = showProgress('Loading', 2, streamTo(written, true, 100));
  progress.advance();
  progress.advance('1 failed');
  progress.finish();
  expect(written[1]).toContain(`${'█'.repeat(15)}${'░'.repeat(15)} 1/2`);
  expect(written[2]).toContain(`${'█'.repeat(30)} 2/2 1 failed`);
  expect(written.at(-1)).toBe('\n');
});

test('keeps the bar on one line of a narrow terminal', () => {
  const written: string[] = [];
  showProgress('Loading', 5, streamTo(written, true, 20)).advance('many words behind the count');
  for (const text of written) expect(text.replace('\r\u001b[K', '').length).toBeLessThan(20);
});

test('prints a line at every tenth, and at the end, where there is no terminal', () => {
  const written: string[] = [];
  const progress = showProgress('Loading', 95, streamTo(written, false));
  for (let step = 0; step < 95; step += 1) progress.advance();
  progress.finish();
  expect(written).toHaveLength(10);
  expect(written[0]).toBe('Loading 10/95\n');
  expect(written.at(-1)).toBe('Loading 95/95\n');
});
