/** Markup that escapes by default: only what `html` made itself goes in as it is. */
declare const safe: unique symbol;

/** Markup that is safe to put anywhere between tags. */
export interface Html {
  readonly markup: string;
  readonly [safe]: true;
}

export type Part = Html | string | number | false | null | undefined | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters that neither HTML nor XML can carry, and those that turn the reading direction of what follows. */
const UNFIT = /[\p{Cc}--[\t\n\r]]|[\ufffe\uffff\u202a-\u202e\u2066-\u2069]/gv;

/** Text for between tags and for quoted attributes. What no page can carry becomes U+FFFD. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(UNFIT, '\ufffd')
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const made = (markup: string): Html => ({ markup }) as Html;

const isHtml = (part: unknown): part is Html => typeof part === 'object' && part !== null && 'markup' in part;

const markupOf = (part: Part): string => {
  if (part === null || part === undefined || part === false) return '';
  if (isHtml(part)) return part.markup;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(markupOf).join('');
};

/** A template of markup. Text and numbers are escaped, lists are joined, and what is absent leaves nothing. */
export const html = (literals: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  made(literals.reduce((markup, literal, index) => markup + markupOf(parts[index - 1]) + literal));

/** The page's own style sheet, which must not be escaped: never pass text from outside. */
export const styleElement = (css: string): Html => made(`<style>${css}</style>`);
