import type { FhirRoute } from '../../src/http/route.ts';
import type { Knowledge } from './knowledge.ts';

/** Makes choices by the numbers of a probe, so that a request is the same whenever it is made. */
export class Chooser {
  readonly #choices: readonly number[];
  #next = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  number(below: number): number {
    const choice = this.#choices[this.#next % this.#choices.length] ?? 0;
    // Each round through the numbers reads them in another way.
    const round = Math.floor(this.#next++ / this.#choices.length);
    return (choice + round * 7919) % below;
  }

  /** True once in so many times. */
  once(inTimes: number): boolean {
    return this.number(inTimes) === 0;
  }

  from<T>(list: readonly T[], otherwise: T): T {
    return list.length === 0 ? otherwise : (list[this.number(list.length)] ?? otherwise);
  }
}

/** An id: mostly of something of this type that is in one of the worlds, visible or hidden. */
export function idFor(route: Pick<FhirRoute, 'type'>, chooser: Chooser, known: Knowledge): string {
  switch (chooser.number(12)) {
    case 0:
      return chooser.from(known.allIds, 'none');
    case 1:
      return chooser.from(ODD_IDS, 'none');
    case 2:
      return patientId(chooser, known);
    default:
      return chooser.from(known.idsOf(route.type), chooser.from(known.allIds, 'none'));
  }
}

const ODD_IDS = [
  'none',
  '0',
  '%00',
  '%2f',
  '..',
  'a'.repeat(64),
  'a'.repeat(65),
  '$everything',
  '_history',
  '019cb000-0000-7000-9000-000000000001',
];

/** A Patient id: mostly of one of the two people who may have a record. */
export function patientId(chooser: Chooser, known: Knowledge): string {
  return chooser.once(12)
    ? chooser.from(ODD_IDS, 'none')
    : chooser.from([known.patientIds[0] ?? '', ...known.patientIds], '');
}

/** Cursors that name a version or an entry, hidden ones too. */
export function cursor(chooser: Chooser, known: Knowledge): string {
  const versions = [...known.versions.values()].flat();
  const entries = known.references;
  return chooser.from([...versions, ...entries, 'none', ''], 'none');
}
