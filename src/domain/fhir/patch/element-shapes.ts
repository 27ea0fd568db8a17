/**
 * What a FHIRPath Patch must know of R4's types to write an element that is not there yet: which
 * are lists, and which are choices. Limited to the types that a care record is made of.
 */

/** Lists in data types, whatever they are part of. */
const LISTS_ANYWHERE: ReadonlySet<string> = new Set([
  'extension',
  'modifierExtension',
  'coding',
  'given',
  'prefix',
  'suffix',
  'line',
  'additionalInstruction',
  'doseAndRate',
  'dayOfWeek',
  'timeOfDay',
  'event',
]);

/** Lists that are so in this place only: `Type.element` or `element.element`. */
const LISTS_AT: ReadonlySet<string> = new Set(
  [
    'meta: profile security tag',
    'repeat: when',
    'Patient: identifier name telecom address photo contact communication generalPractitioner link',
    'contact: relationship telecom',
    'MedicationStatement: identifier basedOn partOf statusReason derivedFrom reasonCode',
    'MedicationStatement: reasonReference note dosage',
    'AllergyIntolerance: identifier category note reaction',
    'reaction: manifestation note',
    'Condition: identifier category bodySite stage evidence note',
    'stage: assessment',
    'evidence: code detail',
    'Procedure: identifier instantiatesCanonical instantiatesUri basedOn partOf performer',
    'Procedure: reasonCode reasonReference bodySite report complication complicationDetail',
    'Procedure: followUp note focalDevice usedReference usedCode',
    'Immunization: identifier performer note reasonCode reasonReference subpotentReason education',
    'Immunization: programEligibility reaction protocolApplied',
    'protocolApplied: targetDisease',
    'Observation: identifier basedOn partOf category focus performer interpretation note',
    'Observation: referenceRange hasMember derivedFrom component',
    'component: interpretation referenceRange',
    'referenceRange: appliesTo',
    'DocumentReference: identifier category author relatesTo securityLabel content',
    'context: encounter event related',
    'Provenance: target policy reason agent entity signature',
    'agent: role',
    'entity: agent',
    'signature: type',
    'Medication: identifier ingredient',
    'MedicationRequest: identifier category supportingInformation reasonCode reasonReference',
    'MedicationRequest: instantiatesCanonical instantiatesUri basedOn insurance note',
    'MedicationRequest: dosageInstruction detectedIssue eventHistory',
    'Practitioner: identifier name telecom address photo qualification communication',
    'qualification: identifier',
    'PractitionerRole: identifier code specialty location healthcareService telecom',
    'PractitionerRole: availableTime notAvailable endpoint',
    'availableTime: daysOfWeek',
    'Organization: identifier type alias telecom address contact endpoint',
    'Consent: identifier category performer organization policy verification',
    'provision: actor action securityLabel purpose class code data provision',
  ].flatMap((row) => {
    const [parent = '', names = ''] = row.split(': ');
    return names.split(' ').map((name) => `${parent}.${name}`);
  }),
);

/**
 * Whether an element holds a list; `parent` is the resource's type or the element it is part of.
 */
export function isRepeating(parent: string, name: string): boolean {
  if (LISTS_ANYWHERE.has(name)) return true;
  // A contact is a Patient's or an Organization's; the others' telecom is a list just as well.
  return LISTS_AT.has(`${parent}.${name}`) || (name === 'contained' && /^[A-Z]/.test(parent));
}

/** Elements written as `name[x]`, with the type behind the name. */
const CHOICES: ReadonlySet<string> = new Set([
  'medication',
  'effective',
  'onset',
  'abatement',
  'performed',
  'occurrence',
  'occurred',
  'value',
  'deceased',
  'multipleBirth',
  'asNeeded',
  'dose',
  'rate',
  'reported',
  'allowed',
  'item',
  'source',
  'author',
  'bounds',
  'doseNumber',
  'seriesDoses',
]);

/** Those of the names that are a choice of this element, such as `onsetAge` of `onset`. */
export function choicesOf(element: string, names: readonly string[]): readonly string[] {
  if (!CHOICES.has(element)) return [];
  return names.filter(
    (name) => name.startsWith(element) && /^[A-Z]/.test(name.slice(element.length)),
  );
}

/** Whether an element is written as `name[x]` in this place. */
export function isChoice(parent: string, name: string): boolean {
  // A value is a choice in these places alone: an Identifier's and a Quantity's are not.
  if (name === 'value') return ['Observation', 'component', 'extension'].includes(parent);
  // So is an author, of a note: a document's authors are a list.
  if (name === 'author') return parent === 'note';
  return CHOICES.has(name);
}
