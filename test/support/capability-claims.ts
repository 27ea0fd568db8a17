/** A search parameter. */
export interface Claimed {
  readonly name: string;
  readonly type: string;
}
/** What is claimed of a resource type. */
export interface Row {
  readonly type: string;
  readonly interaction: readonly { readonly code: string }[];
  readonly searchParam?: readonly Claimed[];
  readonly searchInclude?: readonly string[];
  readonly searchRevInclude?: readonly string[];
  readonly conditionalRead?: string;
  readonly conditionalCreate?: boolean;
  readonly conditionalUpdate?: boolean;
  readonly conditionalDelete?: string;
  readonly versioning: string;
  readonly updateCreate?: boolean;
  readonly operation?: readonly { readonly name: string }[];
}
/** A CapabilityStatement as far as tests look at it. */
export interface Statement {
  readonly format: readonly string[];
  readonly patchFormat: readonly string[];
  readonly rest: readonly [
    {
      readonly resource: readonly Row[];
      readonly interaction: readonly { readonly code: string }[];
      readonly operation: readonly { readonly name: string }[];
    },
  ];
}
