import { authorise } from '../../domain/access/authorise.ts';
import { isObject, type Json, type JsonObject } from '../../domain/fhir/json.ts';
import type { Transaction } from '../../domain/gp/edits/read-transaction.ts';
import { BATCH_ENTRIES_MAX } from '../../domain/limits.ts';
import { type Problem, problem } from '../../domain/problem.ts';
import { fail } from '../../domain/result.ts';
import { type Interaction, perform } from '../../interactions/perform.ts';
import { releaseCommitted } from '../../interactions/release.ts';
import { transact, understandTransaction } from '../../interactions/transact.ts';
import { answerEntry, type Dispatching, readRouteOf } from '../bundle-entries.ts';
import { resourceIn } from '../fhir-body.ts';
import { isStrict, returnPreference } from '../prefer.ts';
import { entryOf, type ResponseEntry, writeResponseBundle } from '../response-bundle.ts';
import type { FhirRoute, Handler } from '../route.ts';

/**
 * Does what the entries of a Bundle ask for (http://hl7.org/fhir/R4/http.html#transaction): those
 * of a `batch` one by one, those of a `transaction` in one commit of one patient's record. Without
 * a preference the answers hold no content but what was read.
 */
export function bundleHandler(routes: () => readonly FhirRoute[]): Handler {
  return (context, call, request) => {
    const body = resourceIn(request);
    if (!body.ok) return perform(context, call, async () => body);
    const returns = returnPreference(request) ?? 'minimal';
    const dispatching = { context, call, routes: routes(), returns, strict: isStrict(request) };
    const bundle = bundleOf(body.value);
    if (bundle === null) return perform(context, call, async () => fail(NOT_A_BUNDLE));
    if (bundle.type === 'batch') return perform(context, call, batch(bundle, dispatching));
    const act = { ...call.act, interaction: 'transaction' };
    const transactionCall = { ...call, act };
    const own = { ...dispatching, call: transactionCall };
    return perform(context, transactionCall, transaction(bundle, own));
  };
}

function bundleOf(body: Json): (JsonObject & { readonly type: 'batch' | 'transaction' }) | null {
  if (!isObject(body) || body.resourceType !== 'Bundle') return null;
  const { type } = body;
  return type === 'batch' || type === 'transaction' ? { ...body, type } : null;
}

function batch(bundle: JsonObject, dispatching: Dispatching): Interaction {
  return async () => {
    const entries = entriesOf(bundle);
    if (entries.length > BATCH_ENTRIES_MAX) return fail(TOO_MANY);
    const answers: ResponseEntry[] = [];
    // One after the other: a later entry may read what an earlier one wrote.
    for (const entry of entries) answers.push(await answerEntry(entry, dispatching));
    return releaseCommitted({ status: 'ok', body: writeResponseBundle('batch-response', answers) });
  };
}

function transaction(bundle: JsonObject, dispatching: Dispatching): Interaction {
  return async (context, call) => {
    const understood = understandTransaction(context, call, bundle);
    if (!understood.ok) return understood;
    const refusal = readRefusal(understood.value, dispatching);
    if (refusal !== null) return fail(refusal);
    const entries = entriesOf(bundle);
    const answers = new Map<number, ResponseEntry>();
    if (understood.value.edits.length > 0) {
      const done = await transact(understood.value)(context, call);
      if (!done.ok) return done;
      (done.value.parts ?? []).forEach((part, index) => {
        const place = understood.value.places[index] ?? -1;
        answers.set(place, entryOf(part, context.baseUrl, dispatching.returns));
      });
    }
    // What reads comes last, and sees what was written.
    for (const { place } of understood.value.reads) {
      answers.set(place, await answerEntry(entries[place] ?? null, dispatching));
    }
    const inOrder = entries.map((_, place) => answers.get(place)).filter((each) => !!each);
    const body = writeResponseBundle('transaction-response', inOrder);
    return releaseCommitted({ status: 'ok', body });
  };
}

/**
 * Why what a transaction reads cannot be read, as far as that is known before anything is written.
 */
function readRefusal({ reads }: Transaction, { call, routes }: Dispatching): Problem | null {
  if (reads.length > BATCH_ENTRIES_MAX) return TOO_MANY;
  for (const { place, url } of reads) {
    const at = `Bundle.entry[${place}].request.url`;
    const match = readRouteOf(url, routes);
    if (match === null) return problem('malformed', 'not-supported', NOTHING_THERE, at);
    const denial = authorise(call.caller, match.route);
    if (denial !== null) return denial;
  }
  return null;
}

function entriesOf(bundle: JsonObject): readonly Json[] {
  return Array.isArray(bundle.entry) ? bundle.entry : [];
}

const NOTHING_THERE = 'There is nothing at this path that could be read.';
const NOT_A_BUNDLE = problem(
  'malformed',
  'structure',
  'A Bundle of the type batch or transaction is expected.',
  'Bundle.type',
);
const TOO_MANY = problem(
  'too-large',
  'too-costly',
  `A batch may have ${BATCH_ENTRIES_MAX} entries at most, and a transaction may read as many.`,
  'Bundle.entry',
);
