import { JSON_DEPTH_MAX } from '../limits.ts';
import type { Issue } from '../problem.ts';
import type { Fault } from './fault.ts';
import type { Model } from './model.ts';
import type { Profiles } from './profiles.ts';
import type { BundleScope, ResourceScope } from './scopes.ts';

/** How many issues one validation reports; it stops there, so that an answer stays bounded. */
export const ISSUES_MAX = 100;

const TOO_MANY: Issue = {
  code: 'too-costly',
  diagnostics: `There may be more faults: only the first ${ISSUES_MAX} are listed.`,
  rule: 'issues-max',
};

/** A name that may stand in an expression; anything else that was sent is not repeated. */
const ELEMENT_NAME = /^[A-Za-z][A-Za-z0-9]{0,63}$/;

const NO_INDEX = -1;

/** One pass over a resource: where it is, what is known around it, and what was found. */
export class Walk {
  readonly model: Model;
  readonly profiles: Profiles;
  readonly issues: Issue[] = [];
  resource: ResourceScope | null = null;
  bundle: BundleScope | null = null;
  /** The values that were looked at: the measure of the work done. */
  steps = 0;
  readonly #root: string;
  readonly #names: string[] = [];
  readonly #indexes: number[] = [];

  constructor(model: Model, profiles: Profiles, root: string) {
    this.model = model;
    this.profiles = profiles;
    this.#root = root;
  }

  /** Goes to an element, or to one of its values; `leave` goes back. */
  enter(name: string, index: number = NO_INDEX): void {
    this.steps += 1;
    this.#names.push(name);
    this.#indexes.push(index);
  }

  leave(): void {
    this.#names.pop();
    this.#indexes.pop();
  }

  /** Whether no more is to be looked at: there are enough issues, or the place is too deep. */
  get isOver(): boolean {
    return this.issues.length >= ISSUES_MAX;
  }

  get isTooDeep(): boolean {
    return this.#names.length > JSON_DEPTH_MAX;
  }

  /** Notes a fault here, or at an element of what is here. */
  report({ rule, code, words }: Fault, child?: string, index: number = NO_INDEX): void {
    if (this.isOver) return;
    const place = this.#place();
    const known = child !== undefined && ELEMENT_NAME.test(child);
    const expression = known ? `${place}.${child}${indexText(index)}` : place;
    this.issues.push({ code, diagnostics: words, expression, rule });
    if (this.isOver) this.issues.push(TOO_MANY);
  }

  #place(): string {
    let place = this.#root;
    this.#names.forEach((name, at) => {
      place += `.${name}${indexText(this.#indexes[at] ?? NO_INDEX)}`;
    });
    return place;
  }
}

function indexText(index: number): string {
  return index === NO_INDEX ? '' : `[${index}]`;
}
