/** What HTML 4.0 has in chapters 7 to 11 (but section 4 of 9) and 15, as txt-1 allows it. */
const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'div p br h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite ' +
    'blockquote hr address bdo kbd sub sup s strike u ul ol li dl dt dd pre table caption ' +
    'colgroup col thead tr tfoot tbody th td code samp img map area'
  ).split(' '),
);

const ANYWHERE: ReadonlySet<string> = new Set(
  (
    'id class style title lang xml:lang dir xmlns accesskey tabindex span width height align ' +
    'valign char charoff abbr axis headers scope rowspan colspan summary border frame rules ' +
    'cellspacing cellpadding bgcolor nowrap start type value compact clear cite size noshade'
  ).split(' '),
);

const OF_ELEMENT: Readonly<Record<string, ReadonlySet<string>>> = {
  a: new Set(['href', 'name', 'rel', 'rev', 'hreflang', 'charset', 'target', 'shape', 'coords']),
  area: new Set(['href', 'alt', 'shape', 'coords', 'nohref']),
  img: new Set(['src', 'alt', 'longdesc', 'usemap', 'ismap', 'hspace', 'vspace']),
  map: new Set(['name']),
  pre: new Set(['xml:space', 'space']),
};

const LINKS: ReadonlySet<string> = new Set(['href', 'src', 'longdesc', 'usemap', 'cite']);
// What decodes to something else must not hide a scheme: entities and blanks are taken out first.
const HIDING = /&[^;]*;|[\s\\]/g;
const SAFE_SCHEME = /^(?:https?:|mailto:|tel:|urn:|data:image\/(?:png|gif|jpeg|webp)[;,])/i;
const SCHEME = /^[^/?#]*:/;
const ACTIVE_STYLE =
  /expression\s*\(|url\s*\(|@import|javascript:|behaviou?r\s*:|-moz-binding|[\\&]/i;

/** Whether narrative may hold an element of this name. */
export function isAllowedElement(name: string): boolean {
  return ELEMENTS.has(name);
}

/** Whether an element of narrative may hold this attribute with this value. */
export function isAllowedAttribute(element: string, name: string, value: string): boolean {
  if (!ANYWHERE.has(name) && OF_ELEMENT[element]?.has(name) !== true) return false;
  if (name === 'style') return !ACTIVE_STYLE.test(value);
  return !LINKS.has(name) || isSafeLink(value);
}

function isSafeLink(value: string): boolean {
  // A character that an entity stands for may be the colon of a scheme.
  if (/&(?!amp;)/.test(value)) return false;
  const bare = value.replace(HIDING, '');
  return !SCHEME.test(bare) || SAFE_SCHEME.test(bare);
}
