import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const PROVENANCE: TypeRows = {
  parameters: [
    'agent reference Provenance-agent agent.who:Reference Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson',
    'agent-role token Provenance-agent-role agent.role:CodeableConcept',
    'agent-type token Provenance-agent-type agent.type:CodeableConcept',
    'entity reference Provenance-entity entity.what:Reference *',
    'location reference Provenance-location location:Reference Location',
    'patient reference Provenance-patient target[is=Patient]:Reference Patient',
    'recorded date Provenance-recorded recorded:instant',
    'signature-type token Provenance-signature-type signature.type:Coding',
    'target reference Provenance-target target:Reference *',
    'when date Provenance-when occurredDateTime:dateTime',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension target!',
    'occurred[x] recorded! policy location reason activity agent! entity signature',
  ],
  summary: ['implicitRules target recorded'],
};
