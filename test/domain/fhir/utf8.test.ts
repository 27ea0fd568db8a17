import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, utf8ToSend } from '../../../src/domain/fhir/utf8.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 400, maxLength: 800 }));

test('texts to be sent are each as the platform encodes them, however many share memory', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), (texts) => {
      const encoded = texts.map(utf8ToSend);
      expect(
        encoded.map((bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)),
      ).toEqual(texts.map((each) => each.toWellFormed()));
      expect(encoded.map(({ length }) => length)).toEqual(texts.map(bytesOf));
    }),
  );
});
