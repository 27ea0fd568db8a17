import { writeJson } from '../domain/fhir/json.ts';
import { type ReadShape, shapedAs } from '../domain/search/read-shape.ts';
import { resourceOf } from './stored-texts.ts';

/** Texts of resources with the parts alone that were asked for. */
export function shapedTexts(texts: readonly Uint8Array[], shape: ReadShape): readonly Uint8Array[] {
  if (shape === null) return texts;
  return texts.map((text) => ENCODER.encode(writeJson(shapedAs(resourceOf(text), shape))));
}

const ENCODER = new TextEncoder();
