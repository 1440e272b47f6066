import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escaped, html } from '../../../shared/page/html.ts';
import { namesIn } from '../../support/well-formed.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', ';', '#', '/', '-', '!', 'a', '\u0000', '\ud800'),
  }),
);

test('whatever text says, it stays the text of its element and the value of its attribute', () => {
  fc.assert(
    fc.property(anyText, anyText, (text, title) => {
      const { markup } = html`<p title="${title}">${text}.</p>`;
      assert.deepEqual(namesIn(markup), ['p', 'title']);
    }),
  );
});

const REFERENCES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
};

test('a reader gets back what was said', () => {
  const unit = fc.constantFrom(
    'a',
    'é',
    '長',
    '😀',
    ' ',
    '\n',
    '%',
    '{',
    '$',
    '<',
    '>',
    '&',
    '"',
    "'",
    ';',
    '#',
    'lt',
  );
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      const markup = escaped(text);
      assert.doesNotMatch(markup, /[<>"']/);
      assert.equal(
        markup.replace(/&[a-z#0-9]*;/g, (reference) => REFERENCES[reference] ?? ''),
        text,
      );
    }),
  );
});

test('the five characters of markup become references', () => {
  assert.equal(escaped(`<a href="x" id='y'>&`), '&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;');
});

test('what no page can carry, and what turns the reading direction, becomes a replacement character', () => {
  assert.equal(escaped('a\u0000b\u001fc\u202ed\ud800e'), 'a\ufffdb\ufffdc\ufffdd\ufffde');
  assert.equal(escaped('two\nlines\tand a tab'), 'two\nlines\tand a tab');
});

test('markup of our own goes in as it is, lists are joined, absence leaves nothing', () => {
  const inner = html`<b>${'<'}</b>`;
  assert.equal(
    html`${inner}${[inner, 'x', 1]}${null}${undefined}${false}`.markup,
    '<b>&lt;</b><b>&lt;</b>x1',
  );
  assert.equal(html`${0}`.markup, '0');
});
