import { writeJson } from '../domain/fhir/json.ts';
import { summarised, withElements } from '../domain/search/project.ts';
import type { ReadShape } from '../domain/search/read-shape.ts';
import { resourceOf } from './stored-texts.ts';

/** Texts of resources with the parts alone that were asked for. */
export function shapedTexts(texts: readonly Uint8Array[], shape: ReadShape): readonly Uint8Array[] {
  if (shape === null) return texts;
  return texts.map((text) => {
    const resource = resourceOf(text);
    const shaped =
      'elements' in shape
        ? withElements(resource, shape.elements)
        : summarised(resource, shape.summary);
    return ENCODER.encode(writeJson(shaped));
  });
}

const ENCODER = new TextEncoder();
