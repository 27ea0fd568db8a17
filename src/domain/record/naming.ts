/**
 * Ids derived from what they name, under the store's secret: the same thing always gets the same
 * id, without an index and without counters, and nobody without the secret can guess one.
 */
export interface Naming {
  /** The record's and the Patient's id: 24 lower-case hexadecimal digits. */
  recordId(nhsNumber: string): string;
  /**
   * An entry's id, `[recordId]-[24 hexadecimal digits]`; `key` is what identifies it at its source.
   */
  entryId(recordId: string, key: string): string;
  /** An entry version's id: 16 hexadecimal digits that say nothing about other versions. */
  versionId(entryId: string, digest: string, lastUpdated: string): string;
  /** 128 bits of SHA-256 of a text as 32 hexadecimal digits: content digests and receipt keys. */
  digest(text: string): string;
  /**
   * A signature of a text under the secret, 32 hexadecimal digits: only this store's servers make
   * it.
   */
  sign(text: string): string;
}
