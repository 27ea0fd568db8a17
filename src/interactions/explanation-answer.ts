import type { ExplainedEntry, ExplainedRule, Explanation } from '../domain/consent/explain.ts';
import type { JsonObject } from '../domain/fhir/json.ts';

/**
 * An explanation as Parameters: `decision`, `alert` where the access would raise one, a `rule` for
 * each rule that took part, and, when entries may be named, an `entry` for each.
 */
export function explanationAnswer(
  { decision, alert, rules, entries }: Explanation,
  { named }: { readonly named: boolean },
): JsonObject {
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'decision', valueCode: decision },
      ...(alert === null ? [] : [{ name: 'alert', valueCode: alert }]),
      ...rules.map(ruleParameter),
      ...(named ? entries.map(entryParameter) : []),
    ],
  };
}

function ruleParameter({ id, reason, withheld }: ExplainedRule): JsonObject {
  return {
    name: 'rule',
    part: [
      { name: 'id', valueCode: id },
      { name: 'reason', valueString: reason },
      { name: 'withheld', valueUnsignedInt: withheld },
    ],
  };
}

function entryParameter({ entry, rule }: ExplainedEntry): JsonObject {
  const why = [
    { name: 'rule', valueCode: rule?.id },
    { name: 'reason', valueString: rule?.reason },
  ];
  return {
    name: 'entry',
    part: [
      { name: 'reference', valueReference: { reference: `${entry.type}/${entry.id}` } },
      { name: 'disclosed', valueBoolean: rule === null },
      ...(rule === null ? [] : why),
    ],
  };
}
