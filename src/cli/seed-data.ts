import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Role } from '../domain/access/caller.ts';
import type { OdsCode } from '../domain/record/ods-code.ts';
import { submissionBody } from './record-body.ts';
import { expandRelativeDates } from './relative-dates.ts';

/** Where the demonstration data is. */
export const SEED_DIRECTORY = fileURLToPath(new URL('../../seed', import.meta.url));

/** One request of the demonstration data: what is posted where, and by whom. */
export interface SeedStep {
  /** Below the FHIR base. */
  readonly post: '$submit-record' | 'Consent';
  /** Below the directory. */
  readonly file: string;
  readonly role: Role;
  readonly organization: OdsCode;
  /** NHS number of the patient that the caller has open: their launch context. */
  readonly patient?: string;
}

/**
 * `seed/manifest.json`: the organisations' names, and the requests in the order in which they go.
 */
export interface SeedManifest {
  readonly organizations: Readonly<Record<OdsCode, string>>;
  readonly steps: readonly SeedStep[];
}

/** Reads the manifest of a directory. Rejects when it is missing or no JSON. */
export async function readManifest(directory: string): Promise<SeedManifest> {
  return JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8')) as SeedManifest;
}

/** The body of a step's request, with its relative dates as of `now` (epoch milliseconds). */
export async function bodyOf(directory: string, step: SeedStep, now: number): Promise<string> {
  const text = expandRelativeDates(await readFile(join(directory, step.file), 'utf8'), now);
  if (step.post === 'Consent') return text;
  const body = submissionBody(text);
  if (body === null) throw new Error(`${step.file} is not a record Bundle`);
  return body;
}
