import { describe, expect, test } from 'vitest';
import { checkNarrative } from '../../../src/domain/validation/narrative.ts';

const within = (content: string): string =>
  `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`;

const TAKEN = [
  'text',
  '<p>a &amp; b &#233; &nbsp;</p>',
  '<p style="color: red" class="x" id="a">a</p>',
  '<table border="1"><tbody><tr><td colspan="2">a</td></tr></tbody></table>',
  '<a href="https://example.org/?a=1&amp;b=2">a</a>',
  '<a href="#part">a</a><a name="part"/>',
  '<a href="Patient/1">a</a>',
  '<img src="data:image/png;base64,eA==" alt="x"/>',
  '<img src="#image"/>',
  '<!-- note --><b>a</b><br/>',
  "<p title='a'>b</p>",
  '<p>1 > 0</p>',
];

const REFUSED = [
  '<script>alert(1)</script>a',
  '<SCRIPT>alert(1)</SCRIPT>a',
  '<style>p {}</style>a',
  '<object data="x"/>a',
  '<embed src="x"/>a',
  '<input type="text"/>a',
  '<svg onload="x()"/>a',
  '<p onmouseover="x()">a</p>',
  '<p ONCLICK="x()">a</p>',
  '<a href="javascript:x()">a</a>',
  '<a href=" JavaScript:x()">a</a>',
  '<a href="java\nscript:x()">a</a>',
  '<a href="&#x6a;avascript:x()">a</a>',
  '<a href="javascript&colon;x()">a</a>',
  '<a href="data:text/html,x">a</a>',
  '<a href="vbscript:x">a</a>',
  '<img src="data:image/svg+xml,x"/>',
  '<p style="width: expression(x())">a</p>',
  '<p style="background: url(https://example.org)">a</p>',
  '<p style="@import x">a</p>',
  '<p style="\\65xpression(x)">a</p>',
  '<p>a',
  '<p>a</b>',
  '<p a>b</p>',
  '<p a=b>c</p>',
  '<p title="<">c</p>',
  'a & b',
  'a < b',
  'a\u0000b',
  '<!DOCTYPE html>a',
  '<?php x ?>a',
  '<!-- a',
  '</div><div>a',
];

describe('narrative', () => {
  test.each(TAKEN)('is taken with %j', (content) => {
    expect(checkNarrative(within(content))).toBeNull();
  });

  test.each(REFUSED)('is refused with %j', (content) => {
    expect(checkNarrative(within(content))?.rule).toBe('txt-1');
  });

  test('must show something', () => {
    for (const nothing of ['', ' ', '<p></p>', '<br/>', '<!-- a -->']) {
      expect(checkNarrative(within(nothing))?.rule).toBe('txt-2');
    }
  });

  test('is one div in the namespace of XHTML, and nothing beside it', () => {
    expect(checkNarrative('<div>a</div>')?.rule).toBe('txt-1');
    expect(checkNarrative('<p xmlns="http://www.w3.org/1999/xhtml">a</p>')?.rule).toBe('txt-1');
    expect(checkNarrative(`a${within('b')}`)?.rule).toBe('txt-1');
    expect(checkNarrative(`${within('b')}a`)?.rule).toBe('txt-1');
    expect(checkNarrative(` ${within('b')}\n`)).toBeNull();
    expect(checkNarrative(7)?.rule).toBe('wrong-shape');
  });

  test('may not nest without end', () => {
    const deep = '<b>'.repeat(300) + '</b>'.repeat(300);
    expect(checkNarrative(within(`a${deep}`))?.rule).toBe('txt-1');
  });
});
