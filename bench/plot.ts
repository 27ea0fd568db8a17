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
    const mark =
      goal === undefined
        ? ''
        : `<line x1="${x(goal)}" x2="${x(goal)}" y1="${y - 2}" y2="${y + 18}" stroke="#b00" stroke-width="2"/>`;
    return (
      `<text x="${LABEL - 8}" y="${y + 13}" text-anchor="end">${escaped(name)}</text>` +
      `<rect x="${LABEL}" y="${y}" width="${x(value.median) - LABEL}" height="16" fill="#47a"/>` +
      `<line x1="${x(value.least)}" x2="${x(Math.min(value.most, most))}" y1="${y + 8}" y2="${y + 8}" stroke="#000"/>` +
      `${mark}<text x="${x(value.median) + 6}" y="${y + 13}">${value.median.toFixed(2)}</text>`
    );
  });
  const height = 20 + rows.length * ROW;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" ` +
    `font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>` +
    `${bars.join('\n')}</svg>\n`
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
