import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const AUDIT_EVENT: TypeRows = {
  parameters: [
    'action token AuditEvent-action action:code@http://hl7.org/fhir/audit-event-action',
    'address string AuditEvent-address agent.network.address:string',
    'agent reference AuditEvent-agent agent.who:Reference Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson',
    'agent-name string AuditEvent-agent-name agent.name:string',
    'agent-role token AuditEvent-agent-role agent.role:CodeableConcept',
    'altid token AuditEvent-altid agent.altId:string',
    'date date AuditEvent-date recorded:instant',
    'entity reference AuditEvent-entity entity.what:Reference *',
    'entity-name string AuditEvent-entity-name entity.name:string',
    'entity-role token AuditEvent-entity-role entity.role:Coding',
    'entity-type token AuditEvent-entity-type entity.type:Coding',
    'outcome token AuditEvent-outcome outcome:code@http://hl7.org/fhir/audit-event-outcome',
    'patient reference AuditEvent-patient agent.who[is=Patient]:Reference,entity.what[is=Patient]:Reference Patient',
    'policy uri AuditEvent-policy agent.policy:uri',
    'site token AuditEvent-site source.site:string',
    'source reference AuditEvent-source source.observer:Reference Device,Organization,Patient,Practitioner,PractitionerRole,RelatedPerson',
    'subtype token AuditEvent-subtype subtype:Coding',
    'type token AuditEvent-type type:Coding',
  ],
  elements: [
    'id meta implicitRules language text contained extension modifierExtension type! subtype',
    'action period recorded! outcome outcomeDesc purposeOfEvent agent! source! entity',
  ],
  summary: ['implicitRules type subtype action recorded outcome outcomeDesc purposeOfEvent'],
};
