import type { TypeRows } from '../definition.ts';

/** Generated from the R4 definitions by `npm run generate`; not edited by hand. */
export const RESOURCE: TypeRows = {
  parameters: [
    '_id token Resource-id id:id',
    '_lastUpdated date Resource-lastUpdated meta.lastUpdated:instant',
    '_profile uri Resource-profile meta.profile:canonical',
    '_security token Resource-security meta.security:Coding',
    '_source uri Resource-source meta.source:uri',
    '_tag token Resource-tag meta.tag:Coding',
  ],
  elements: ['id meta implicitRules language'],
  summary: ['implicitRules'],
};
