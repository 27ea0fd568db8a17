import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import { type Binding, bindingOf, type ValueSetTable } from './binding.ts';
import { matches } from './pattern.ts';

/** A profile in `profiles.json`. */
export interface ProfileTable {
  /** The type that it constrains. */
  readonly type: string;
  /** The canonical URL of the profile that it derives from, where that is one of ours. */
  readonly base?: string;
  readonly elements: Readonly<Record<string, ConstraintTable>>;
}

/** What a profile asks of one element, beyond R4; whatever is absent is not constrained. */
export interface ConstraintTable {
  /** Whether the element is a list in R4. */
  readonly list?: true;
  readonly min?: number;
  readonly max?: number;
  readonly fixed?: Json;
  readonly pattern?: Json;
  readonly binding?: string;
  /** Of a choice the JSON names that are allowed, separated by blanks. */
  readonly choices?: string;
  /** The types that a reference may lead to, separated by blanks. */
  readonly targets?: string;
  /** The types that a resource may have, each with the canonical URL of its profile or nothing. */
  readonly resources?: Readonly<Record<string, string>>;
  readonly elements?: Readonly<Record<string, ConstraintTable>>;
  readonly slices?: Readonly<Record<string, SliceTable>>;
}

/** A slice: what tells its values, by path; and what is asked of them. */
export interface SliceTable extends ConstraintTable {
  readonly match: Readonly<Record<string, Json>>;
}

/** A profile, ready to be applied. */
export interface Profile {
  readonly url: string;
  readonly type: string;
  readonly base: Profile | null;
  readonly root: Constraint;
}

/** A constraint, ready to be applied. */
export interface Constraint {
  readonly name: string;
  /** How messages call it. */
  readonly label: string;
  readonly list: boolean;
  readonly choice: boolean;
  readonly min: number;
  readonly max: number;
  readonly fixed: Json | undefined;
  readonly pattern: Json | undefined;
  readonly binding: Binding | null;
  readonly choices: ReadonlySet<string> | null;
  readonly targets: ReadonlySet<string> | null;
  readonly resources: ReadonlyMap<string, Profile | null> | null;
  readonly elements: readonly (readonly [name: string, constraint: Constraint])[];
  readonly slices: readonly Slice[];
}

export interface Slice {
  readonly label: string;
  readonly discriminators: readonly ((value: JsonObject) => boolean)[];
  readonly constraint: Constraint;
}

/** Our profiles by canonical URL, and the extensions that we define by theirs. */
export interface Profiles {
  readonly byUrl: ReadonlyMap<string, Profile>;
  readonly extensions: ReadonlyMap<string, Profile>;
}

/** Builds the profiles from their tables; throws where one names another that is not there. */
export function buildProfiles(
  tables: Readonly<Record<string, ProfileTable>>,
  valueSets: Readonly<Record<string, ValueSetTable>>,
): Profiles {
  const byUrl = new Map<string, Profile>();
  const profileAt = (url: string): Profile => {
    const built = byUrl.get(url);
    if (built !== undefined) return built;
    const table = tables[url];
    if (table === undefined) throw new Error(`INVARIANT: there is no profile ${url}`);
    const base = table.base === undefined ? null : profileAt(table.base);
    const builder = new ConstraintBuilder(valueSets, profileAt);
    const root = builder.constraint(table.type, table.type, { elements: table.elements });
    const profile = { url, type: table.type, base, root };
    byUrl.set(url, profile);
    return profile;
  };
  for (const url of Object.keys(tables)) profileAt(url);
  const extensions = [...byUrl].filter(([, { type }]) => type === 'Extension');
  return { byUrl, extensions: new Map(extensions) };
}

class ConstraintBuilder {
  readonly #valueSets: Readonly<Record<string, ValueSetTable>>;
  readonly #profileAt: (url: string) => Profile;

  constructor(
    valueSets: Readonly<Record<string, ValueSetTable>>,
    profileAt: (url: string) => Profile,
  ) {
    this.#valueSets = valueSets;
    this.#profileAt = profileAt;
  }

  constraint(key: string, label: string, table: ConstraintTable): Constraint {
    return {
      name: key.replace('[x]', ''),
      label,
      list: table.list ?? false,
      choice: key.endsWith('[x]'),
      min: table.min ?? 0,
      max: table.max ?? Number.POSITIVE_INFINITY,
      fixed: table.fixed,
      pattern: table.pattern,
      binding: table.binding === undefined ? null : this.#binding(table.binding),
      choices: table.choices === undefined ? null : new Set(table.choices.split(' ')),
      targets: table.targets === undefined ? null : new Set(table.targets.split(' ')),
      resources: table.resources === undefined ? null : this.#resources(table.resources),
      elements: Object.entries(table.elements ?? {}).map(([name, each]) => {
        return [name, this.constraint(name, `${label}.${name.replace('[x]', '')}`, each)] as const;
      }),
      slices: Object.entries(table.slices ?? {}).map(([name, each]) => {
        const constraint = this.constraint(key, `${label}:${name}`, each);
        return { label: `${label}:${name}`, discriminators: discriminators(each), constraint };
      }),
    };
  }

  #binding(name: string): Binding {
    const table = this.#valueSets[name];
    if (table === undefined) throw new Error(`INVARIANT: there is no value set ${name}`);
    return bindingOf(name, table);
  }

  #resources(table: Readonly<Record<string, string>>): ReadonlyMap<string, Profile | null> {
    return new Map(
      Object.entries(table).map(([type, url]) => [type, url === '' ? null : this.#profileAt(url)]),
    );
  }
}

function discriminators({ match }: SliceTable): readonly ((value: JsonObject) => boolean)[] {
  return Object.entries(match).map(([path, expected]) => {
    const names = path.split('.');
    return (value) => someAt(value, names, (each) => matches(expected, each));
  });
}

function someAt(
  value: Json | undefined,
  names: readonly string[],
  holds: (value: Json) => boolean,
): boolean {
  const [name, ...rest] = names;
  if (name === undefined) return value !== undefined && holds(value);
  if (!isObject(value)) return false;
  const next = value[name];
  return Array.isArray(next)
    ? next.some((each) => someAt(each, rest, holds))
    : someAt(next, rest, holds);
}
