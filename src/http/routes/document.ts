import { perform } from '../../interactions/perform.ts';
import { readDocument } from '../../interactions/read-document.ts';
import type { Handler } from '../route.ts';
import { idOf } from './record.ts';

/** Reads a document that was generated before. */
export const readGenerated: Handler = (context, call, request) =>
  perform(context, call, readDocument(idOf(request)));
