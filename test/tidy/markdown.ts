import { posix } from 'node:path';
import { filesBelow, textOf } from './sources.ts';

/** A written document. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Every Markdown file of the project. */
export function pages(): readonly Page[] {
  return filesBelow('')
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path, text: textOf(path) }));
}

/** The text without code blocks, in which nothing is a link, a heading or a table. */
export function prose(text: string): string {
  return text.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, '');
}

/** The addresses that a page links to. */
export function linksIn({ text }: Page): readonly string[] {
  const links = prose(text).matchAll(/\[[^\]]*\]\(([^()\s]+)\)/g);
  return [...links].map((match) => match[1] ?? '');
}

/** The file and the heading that a link leads to; null for links to elsewhere. */
export function targetOf(page: string, link: string): { path: string; anchor: string } | null {
  if (/^[a-z]+:/.test(link)) return null;
  const [file = '', anchor = ''] = link.split('#');
  const path = file === '' ? page : posix.join(posix.dirname(page), file);
  return { path: path.replace(/\/$/, ''), anchor };
}

/** The anchors of a text's headings, as Git hosts make them. */
export function anchorsIn(text: string): readonly string[] {
  const headings = prose(text).matchAll(/^#{1,6} +(.+)$/gm);
  return [...headings].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

/** The texts set as code that are paths of this project, without line or method. */
export function pathsIn({ text }: Page): readonly string[] {
  const folder = 'src|test|docs|scripts|profiles|seed|openapi|\\.ci';
  const spans = prose(text).matchAll(new RegExp(`\`((?:${folder})/[^\`*\\s[{]*)\``, 'g'));
  return [...spans].map((match) => (match[1] ?? '').replace(/\/$/, ''));
}

/**
 * The rows, cell by cell, of the table whose header row has these cells; none without such a table.
 */
export function tableRows(text: string, header: readonly string[]): readonly string[][] {
  const lines = prose(text).split('\n');
  const start = lines.findIndex((line) => cellsOf(line).join('|') === header.join('|'));
  if (start === -1) return [];
  const rows: string[][] = [];
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith('|')) break;
    rows.push(cellsOf(line));
  }
  return rows;
}

function cellsOf(line: string): string[] {
  if (!line.startsWith('|')) return [];
  return line
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}
