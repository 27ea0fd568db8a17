/** What a resource contains, and which of it is referred to (R4, references.html#contained). */
export interface ResourceScope {
  /** The types of contained resources by id. */
  readonly contained: ReadonlyMap<string, string>;
  /** The ids that `#id` somewhere in the resource names. */
  readonly named: Set<string>;
  /** The contained resources that refer to the resource around them, by index. */
  readonly refersBack: Set<number>;
  /** The contained resource that is being walked, by index; null outside of them. */
  within: number | null;
}

/** What the entries of a Bundle say about references between them. */
export interface BundleScope {
  readonly type: unknown;
  /** The types of the entries' resources by fullUrl. */
  readonly types: ReadonlyMap<string, string>;
  /** The base of the entry that is being walked: what relative references are relative to. */
  base: string;
}
