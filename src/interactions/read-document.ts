import { type GeneratedDocument, generatedDocument } from '../domain/audit/generated-document.ts';
import type { DisclosedEntry } from '../domain/consent/disclosed.ts';
import { NOTHING_FOUND } from '../domain/problem.ts';
import { fail } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import { auditedAlone } from './entry-texts.ts';
import { openVersions } from './open-history.ts';
import type { Interaction } from './perform.ts';
import { release } from './release.ts';
import { writeSummary } from './write-summary.ts';

/**
 * `read` of a generated document (http://hl7.org/fhir/R4/documents.html) by its id, as it was: for
 * who asked for it, while it is retained, and only while each version in it may be disclosed to
 * them now. In every other case it is `not-found`, as if it had never been made. Nothing is kept
 * for it: the audit entry of its making says what was in it, and it is written again from that.
 */
export function readDocument(id: string): Interaction {
  return async (context, call) => {
    const document = await documentFor(context, call, id);
    if (document === null) return fail(NOTHING_FOUND);
    const { patient, madeAt: at } = document;
    const { disclosure, versions, practice } = await openVersions(
      context,
      call,
      patient,
      document.versions,
    );
    if (disclosure.outcome === 'refused') {
      // As for a record that is hidden: that there is one to be refused would tell of it.
      return fail({ ...NOTHING_FOUND, audit: disclosure.problem.audit ?? { patient, rules: [] } });
    }
    const { view, rules, alert } = disclosure;
    const entries = inOrder(document, versions);
    if (view === null || entries.length < document.versions.size) {
      return fail({ ...NOTHING_FOUND, audit: { patient, rules, alert } });
    }
    const written = await writeSummary(context, view, { id, at, practice, entries });
    const details = {
      patient,
      entities: auditedAlone(view, written.entries).entities,
      entityNames: ['Bundle', 'Composition', ...new Set(entries.map((entry) => entry.type))],
      rules,
      alert,
    };
    const answer = { status: 'ok', body: written.body, versionId: '1', lastUpdated: at } as const;
    return release(context, call, details, answer);
  };
}

async function documentFor(
  context: Context,
  { caller }: Call,
  id: string,
): Promise<GeneratedDocument | null> {
  const made = await context.store.auditEntry(id);
  const retained = context.rules.documentHours * 3_600_000;
  const since = new Date(context.clock.now() - retained).toISOString();
  return made === null ? null : generatedDocument(made, caller, since);
}

/** What may be disclosed of a document, in its order. */
function inOrder(
  { versions }: GeneratedDocument,
  disclosed: readonly DisclosedEntry[],
): readonly DisclosedEntry[] {
  const found = new Map(disclosed.map((entry) => [entry.id, entry]));
  return [...versions.keys()].map((id) => found.get(id)).filter((each) => each !== undefined);
}
