/** http://hl7.org/fhir/R4/codesystem-restful-interaction.html, without `operation` */
const FHIR_INTERACTIONS: ReadonlySet<string> = new Set([
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history',
  'history-instance',
  'history-type',
  'history-system',
  'create',
  'search',
  'search-type',
  'search-system',
  'capabilities',
  'transaction',
  'batch',
]);

/** What a request without a valid token is recorded as. */
export const AUTHENTICATION = 'authenticate';

/** Whether an interaction is one of FHIR's own, and no operation. */
export function isFhirInteraction(interaction: string): boolean {
  return FHIR_INTERACTIONS.has(interaction);
}

/** Whether an interaction is a search, whose request IHE BALP records as a query. */
export function isSearch(interaction: string): boolean {
  return interaction === 'search' || interaction.startsWith('search-');
}
