/** A trusted issuer of tokens, as far as clients are told of it. */
export interface PublicIssuer {
  readonly issuer: string;
  /** Where its keys can be had; null when they are in a file. */
  readonly jwksUrl: string | null;
}

const SCOPES = ['system', 'user', 'patient'].flatMap((level) => [
  `${level}/*.rs`,
  `${level}/*.cruds`,
]);

/**
 * The SMART configuration (http://hl7.org/fhir/smart-app-launch/conformance.html). This server
 * takes tokens and gives none: the endpoints of the authorization server are found at its `issuer`.
 */
export function smartConfiguration(issuers: readonly PublicIssuer[]): object {
  const [first] = issuers;
  return {
    ...(first === undefined ? {} : { issuer: first.issuer }),
    ...(first?.jwksUrl == null ? {} : { jwks_uri: first.jwksUrl }),
    grant_types_supported: ['authorization_code', 'client_credentials'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: SCOPES,
    capabilities: [
      'context-ehr-patient',
      'context-standalone-patient',
      'permission-patient',
      'permission-user',
      'permission-v1',
      'permission-v2',
    ],
  };
}
