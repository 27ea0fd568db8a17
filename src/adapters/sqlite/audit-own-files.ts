import type { AuditFile } from './audit-file.ts';
import type { AuditIndexing } from './audit-indexing.ts';

/** The log files that this process made, for as long as the database knows them. */
export interface OwnFiles {
  add(file: Written): void;
  numbers(): readonly number[];
  /** How many bytes of them are not in the tables yet. */
  behind(): number;
}

type Written = Pick<AuditFile, 'number' | 'written'>;

/** None yet. */
export function ownFiles(indexing: Pick<AuditIndexing, 'files'>): OwnFiles {
  let own: readonly Written[] = [];

  /** Forgets those that were removed; how far each that is left is indexed. */
  function look(): ReadonlyMap<number, number> {
    const known = new Map(indexing.files().map(({ number, indexed }) => [number, indexed]));
    own = own.filter(({ number }) => known.has(number));
    return known;
  }

  return {
    add(file) {
      own = [...own, file];
    },
    numbers() {
      look();
      return own.map(({ number }) => number);
    },
    behind() {
      const indexed = look();
      const left = own.map((file) => file.written() - (indexed.get(file.number) ?? 0));
      return left.reduce((sum, bytes) => sum + bytes, 0);
    },
  };
}
