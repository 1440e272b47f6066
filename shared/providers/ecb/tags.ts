/** A tag of an XML text: where it stands, and what it says. */
export interface Tag {
  /** Names of the elements around it, outermost first, and its own. */
  readonly path: readonly string[];
  readonly attributes: ReadonlyMap<string, string>;
}

const ATTRIBUTE = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:'([^'<&]*)'|"([^"<&]*)")/g;
const TAG = new RegExp(`<(/?)([A-Za-z_][\\w:.-]*)((?:${ATTRIBUTE.source})*)\\s*(/?)>`, 'y');
const ASIDE = /[^<]+|<\?[^>]*\?>|<!--(?:(?!--)[\s\S])*-->/y;

/**
 * Tags of a well-formed text in their order, one at a time, so that a long one costs no memory. As much of XML as files of rates
 * are made of: neither declared types nor entities in attributes.
 * @throws SyntaxError where the text is not well-formed.
 */
export function* tagsOf(xml: string): Generator<Tag> {
  const open: string[] = [];
  let [at, roots] = [0, 0];
  while (at < xml.length) {
    ASIDE.lastIndex = at;
    const aside = ASIDE.exec(xml);
    TAG.lastIndex = at;
    const tag = aside === null ? TAG.exec(xml) : null;
    const [text] = aside ?? tag ?? [];
    if (text === undefined) throw new SyntaxError(`no tag at ${at}`);
    at += text.length;
    if (tag === null) continue;
    const [, closes, name = '', told = ''] = tag;
    if (closes === '/') {
      if (open.pop() !== name || told !== '') throw new SyntaxError(`${name} ends where it did not begin`);
      continue;
    }
    if (open.length === 0) roots += 1;
    const attributes = new Map<string, string>();
    for (const [, key = '', single, double] of told.matchAll(ATTRIBUTE))
      attributes.set(key, single ?? double ?? '');
    yield { path: [...open, name], attributes };
    if (!text.endsWith('/>')) open.push(name);
  }
  if (open.length > 0 || roots !== 1) throw new SyntaxError('the text ends before its elements do');
}
