import { readdirSync, readFileSync } from 'node:fs';
import { CASE_NOW, type CaseRecord } from './case-record.ts';

/** A case as the files have it; see `test/cases/consent/README.md`. */
export interface Case {
  readonly title: string;
  readonly record: string;
  readonly also?: Readonly<Record<string, string>>;
  readonly choices?: readonly string[];
  readonly practice?: string | null;
  readonly dissentSeenAt?: string;
  readonly acceptedAt?: Readonly<Record<string, string>>;
  readonly caller: string;
  readonly now?: string;
  readonly absent?: string;
  readonly refused?: string;
  readonly visible?: string;
  readonly consents?: string;
  readonly gone?: string;
  readonly rules?: Readonly<Record<string, number>>;
  readonly alert?: string;
  readonly entitled?: Readonly<Record<string, string>>;
}

const FOLDER = new URL('../../cases/consent/', import.meta.url);

function fileOf<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as T;
}

const RECORDS = fileOf<Record<string, Record<string, string>>>('records.json');
/** The files' names. */
export const FILES = readdirSync(FOLDER).filter((name) => /^(?!records).*\.json$/.test(name));
/** Every case, with the name of its file. */
export const CASES = FILES.flatMap((name) =>
  fileOf<readonly Case[]>(name).map((each) => ({ ...each, name })),
);

/** The record of a case. */
export function shortOf(each: Case): CaseRecord {
  const { record, also, choices, practice, dissentSeenAt, acceptedAt } = each;
  const entries = RECORDS[record];
  if (entries === undefined) throw new Error(`there is no record ${record}`);
  return {
    entries: { ...entries, ...also },
    ...(choices && { choices }),
    ...(practice !== undefined && { practice }),
    ...(dissentSeenAt && { dissentSeenAt }),
    ...(acceptedAt && { acceptedAt }),
  };
}

/** When a case takes place. */
export function momentOf(each: Case): number {
  return each.now === undefined ? CASE_NOW : Date.parse(each.now);
}
