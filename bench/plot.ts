import type { Row } from './report.ts';

const WIDTH = 900;
const LABEL = 470;
const ROW = 26;

/** Ratios as bars, with a mark where the goal is; a picture that needs nothing but itself. */
export function barPlot(rows: readonly Row[]): string {
  const most = Math.max(1, ...rows.map(({ value, goal }) => Math.max(value.median, goal ?? 0)));
  const x = (value: number): number => LABEL + (value / most) * (WIDTH - LABEL - 60);
  const bars = rows.map(({ name, value, goal }, n) => {
    const y = 10 + n * ROW;
    const end = x(Math.min(value.most, most));
    return [
      `<text x="${LABEL - 8}" y="${y + 13}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${LABEL}" y="${y}" width="${x(value.median) - LABEL}" height="16" fill="#47a"/>`,
      line(x(value.least), end, y + 8, y + 8, '#000'),
      goal === undefined ? '' : line(x(goal), x(goal), y - 2, y + 18, '#b00'),
      `<text x="${x(value.median) + 6}" y="${y + 13}">${value.median.toFixed(2)}</text>`,
    ].join('');
  });
  const height = 20 + rows.length * ROW;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" ` +
    `font-family="sans-serif" font-size="12"><title>Ratios of the bench</title><rect width="100%" height="100%" fill="#fff"/>` +
    `${bars.join('\n')}</svg>\n`
  );
}

function line(x1: number, x2: number, y1: number, y2: number, colour: string): string {
  const ends = `x1="${x1}" x2="${x2}" y1="${y1}" y2="${y2}"`;
  return `<line ${ends} stroke="${colour}" stroke-width="2"/>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
