import type { Instant } from '../fhir/instant.ts';
import type { RecordType } from '../fhir/resource-types.ts';
import type { Choice } from './choice.ts';
import type { MedicationFacts, Prescription } from './medication-facts.ts';
import type { OdsCode } from './ods-code.ts';

/**
 * The head of one patient's care record: what rules and searches need, and where each text is.
 * The aggregate that is decided on and committed as a whole; every version of it is immutable.
 */
export interface CareRecord {
  /** The Patient's id, derived from the NHS number under the store's secret. */
  readonly id: string;
  readonly nhsNumber: string;
  /** 1, 2, 3 … without gaps; writing version n+1 when it does not exist yet is the commit. */
  readonly version: number;
  readonly committedAt: Instant;
  /** The registered practice; null until a practice has submitted. */
  readonly practice: OdsCode | null;
  /** When the registered practice became it, by the timestamp of its submission. */
  readonly registeredAt: Instant | null;
  /** Practices that the patient has left; they can no longer write. */
  readonly formerPractices: readonly OdsCode[];
  /**
   * The last moment at which a dissent was known to be in force; content older than it stays
   * masked.
   */
  readonly dissentSeenAt: Instant | null;
  /** What each organisation that submits has last submitted. */
  readonly sources: Readonly<Record<OdsCode, Source>>;
  /** The terms of the demographic index that the Patient is found by. */
  readonly terms: readonly string[];
  /** Everything the record holds, withdrawn entries included. */
  readonly entries: readonly Entry[];
}

/** What one organisation has recorded, as of its last accepted submission or other write. */
export interface Source {
  /** How many of this organisation's changes were accepted: the version its system is told. */
  readonly version: number;
  /** `Bundle.timestamp` of the last accepted change, or the server's clock when it had none. */
  readonly timestamp: Instant;
  /**
   * The server's clock when the last complete extract was accepted; null when there was none, only
   * writes of single entries.
   */
  readonly acceptedAt: Instant | null;
  /** What is kept of that extract, when it was the organisation's last change. */
  readonly extract?: ExtractMark;
}

/** What is kept of an extract, to know it again without reading it. */
export interface ExtractMark extends ExtractText {
  /** The version of the record that it made. */
  readonly version: number;
  /** The practice that its Patient names. */
  readonly practice: OdsCode | null;
  /** Whether its submitter was the registered practice, by it or before. */
  readonly registers: boolean;
  /** The types of its resources, each once. */
  readonly types: readonly RecordType[];
  /** How many of its resources the answer counts. */
  readonly count: number;
}

/** The list of an extract's entries as text. */
export interface ExtractText {
  readonly digest: string;
  /** In characters. */
  readonly length: number;
  /**
   * Digest of the list however it is spaced; null where its submission had no identifier and did
   * not need it.
   */
  readonly content: string | null;
  /** Names the rules that it was read and written by. */
  readonly reading: string;
}

/** One resource of the record: its current version, or the last one of a withdrawn entry. */
export interface Entry {
  /** `[record id]-[suffix]`, so that the record is found from it; a Patient's is the record id. */
  readonly id: string;
  readonly type: RecordType;
  /** The organisation that recorded it: the submitter's, from the token. */
  readonly recordedBy: OdsCode;
  /** Opaque, so that no gap betrays a version that is hidden. */
  readonly versionId: string;
  readonly lastUpdated: Instant;
  /**
   * The record version in which this entry version appeared; the one before it is in `since - 1`.
   */
  readonly since: number;
  readonly withdrawn: boolean;
  /** Digest of the content without the server's own `meta` elements: equal means unchanged. */
  readonly digest: string;
  readonly text: TextLocation;
  /** Its presented form, where that was worked out when it was written. */
  readonly presented?: PresentedText;
  /** Codes of `meta.security`, each as `system|code`. */
  readonly labels: readonly string[];
  /** Codes that the exclusion sets are held against, each as `system|code`. */
  readonly codes: readonly string[];
  /** Ids of the entries of this record that it refers to. */
  readonly refs: readonly string[];
  /**
   * Of a Provenance: those of `refs` that it tells of. Who acted and who signed is not among them.
   */
  readonly tellsOf?: readonly string[];
  readonly medication?: MedicationFacts;
  /** Of a MedicationRequest with intent `plan`: what it says of the statements based on it. */
  readonly plan?: Prescription;
  readonly choice?: Choice;
  /** What it states itself, where `codes` or `medication` come from what it refers to as well. */
  readonly stated?: StatedFacts;
}

/** Facts of an entry before those of the entries that it refers to were added. */
export interface StatedFacts {
  readonly codes: readonly string[];
  readonly prescription: Prescription;
  /** Ids of what it is based on (`basedOn`), in order: plans among them say what it leaves open. */
  readonly basedOn: readonly string[];
}

/** Where an entry's text stands: bytes `start` (inclusive) to `end` (exclusive) of a fragment. */
export interface TextLocation {
  readonly fragment: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The form in which people get an entry (docs/decisions/0017-presented-form.md), worked out at
 * commit. It is for whoever is shown all that it takes from: it holds what those entries say.
 */
export interface PresentedText {
  /** Names the rules that it was worked out by (`Context.presenting`). */
  readonly rules: string;
  /** Digests of the entries that it takes from, in their order. */
  readonly sources: readonly string[];
  /** What of the stored text is different; null where nothing is. */
  readonly change: TextChange | null;
}

/** Another text in the place of the bytes `from` (inclusive) to `to` (exclusive) of a text. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly by: TextLocation;
}

/**
 * An immutable piece of stored text: UTF-8 of one or more entry versions, exactly as they are
 * served.
 */
export interface Fragment {
  readonly id: string;
  readonly bytes: Uint8Array;
}
