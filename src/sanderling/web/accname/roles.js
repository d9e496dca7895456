// https://w3c.github.io/html-aam/#html-element-role-mappings
// The role of an element: what its role attribute says, else what its kind stands for. Where ARIA has no role, the name is the one that Chromium's tree has.

import { SafeSet } from '../primordials.js';
import { getAttr, hasAttr } from '../dom/attributes.js';
import { splitTokens } from '../dom/collections.js';
import { HTML_NS, SVG_NS } from '../dom/namespaces.js';
import { lowerAscii } from '../css/selectors/names.js';
import { displaySize, isMultiple } from '../html/forms/options.js';
import { isFocusableArea } from '../html/focus.js';
import { isDisabled } from '../html/forms/states.js';

// https://w3c.github.io/aria/#role_definitions, without the abstract ones
const ARIA_ROLES = new SafeSet([
  'alert', 'alertdialog', 'application', 'article', 'banner', 'blockquote', 'button', 'caption', 'cell', 'checkbox', 'code', 'columnheader', 'combobox', 'comment', 'complementary',
  'contentinfo', 'definition', 'deletion', 'dialog', 'directory', 'document', 'emphasis', 'feed', 'figure', 'form', 'generic', 'grid', 'gridcell', 'group', 'heading', 'image', 'img', 'insertion',
  'link', 'list', 'listbox', 'listitem', 'log', 'main', 'mark', 'marquee', 'math', 'menu', 'menubar', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'meter', 'navigation', 'none', 'note',
  'option', 'paragraph', 'presentation', 'progressbar', 'radio', 'radiogroup', 'region', 'row', 'rowgroup', 'rowheader', 'scrollbar', 'search', 'searchbox', 'sectionfooter', 'sectionheader', 'separator', 'slider',
  'spinbutton', 'status', 'strong', 'subscript', 'suggestion', 'superscript', 'switch', 'tab', 'table', 'tablist', 'tabpanel', 'term', 'textbox', 'time', 'timer', 'toolbar', 'tooltip',
  'tree', 'treegrid', 'treeitem',
]);

const GLOBAL_ARIA = [
  'aria-atomic', 'aria-busy', 'aria-controls', 'aria-current', 'aria-describedby', 'aria-details', 'aria-dropeffect', 'aria-flowto', 'aria-grabbed', 'aria-hidden', 'aria-keyshortcuts',
  'aria-label', 'aria-labelledby', 'aria-live', 'aria-owns', 'aria-relevant', 'aria-roledescription',
];

const PLAIN_ROLES = {
  __proto__: null, abbr: 'Abbr', address: 'group', article: 'article', audio: 'Audio', b: 'generic', bdi: 'generic', bdo: 'generic', blockquote: 'blockquote',
  body: 'generic', br: 'LineBreak', button: 'button', canvas: 'Canvas', caption: 'caption', code: 'code', data: 'generic', datalist: 'listbox', dd: 'definition', del: 'deletion',
  details: 'group', dfn: 'term', dialog: 'dialog', div: 'generic', dl: 'DescriptionList', dt: 'term', em: 'emphasis', embed: 'EmbeddedObject', fieldset: 'group',
  figcaption: 'Figcaption', figure: 'figure', h1: 'heading', h2: 'heading', h3: 'heading', h4: 'heading', h5: 'heading', h6: 'heading', hgroup: 'group', hr: 'separator', html: 'none',
  i: 'generic', iframe: 'Iframe', ins: 'insertion', kbd: 'generic', label: 'LabelText', legend: 'Legend', main: 'main', mark: 'mark', math: 'math', menu: 'list', meter: 'meter',
  nav: 'navigation', object: 'PluginObject', ol: 'list', optgroup: 'group', option: 'option', output: 'status', p: 'paragraph', pre: 'generic', progress: 'progressbar', q: 'generic',
  rp: 'generic', rt: 'generic', ruby: 'Ruby', s: 'deletion', samp: 'generic', search: 'search', small: 'generic', span: 'generic', strong: 'strong', sub: 'subscript',
  summary: 'DisclosureTriangle', sup: 'superscript', table: 'table', tbody: 'rowgroup', textarea: 'textbox', tfoot: 'rowgroup', thead: 'rowgroup', time: 'time', tr: 'row', u: 'generic',
  ul: 'list', var: 'generic', video: 'Video', wbr: 'none',
};

const INPUT_ROLES = {
  __proto__: null, button: 'button', checkbox: 'checkbox', color: 'ColorWell', date: 'Date', 'datetime-local': 'DateTime', email: 'textbox', file: 'button', image: 'button',
  month: 'DateTime', number: 'spinbutton', password: 'textbox', radio: 'radio', range: 'slider', reset: 'button', search: 'searchbox', submit: 'button', tel: 'textbox', text: 'textbox',
  time: 'InputTime', url: 'textbox', week: 'DateTime',
};

const SECTIONING = { __proto__: null, article: true, aside: true, main: true, nav: true, section: true };

function insideSectioning(el, butMain) {
  for (let node = el.parent; node !== null && node.nodeType === 1; node = node.parent) {
    if (node.namespace === HTML_NS && SECTIONING[node.localName] && !(butMain && node.localName === 'main')) return true;
  }
  return false;
}

export function isNamedByAria(el) {
  return (getAttr(el, 'aria-label') ?? '') !== '' || (getAttr(el, 'aria-labelledby') ?? '') !== '' || (internalsAria(el, 'ariaLabel') ?? '') !== '';
}

export function isNamedByAuthor(el) {
  return isNamedByAria(el) || (getAttr(el, 'title') ?? '') !== '';
}

function tableOf(el) {
  let node = el.parent;
  while (node !== null && node.nodeType === 1 && node.localName !== 'table') node = node.parent;
  return node !== null && node.nodeType === 1 ? node : null;
}

function cellRole(el) {
  const table = tableOf(el);
  const role = table === null ? null : explicitRole(table);
  return role === 'grid' || role === 'treegrid' ? 'gridcell' : 'cell';
}

function headerRole(el) {
  const scope = lowerAscii(getAttr(el, 'scope') ?? '');
  if (scope === 'col' || scope === 'colgroup') return 'columnheader';
  if (scope === 'row' || scope === 'rowgroup') return 'rowheader';
  // The first row has headers of columns; a header beside data is one of its row.
  for (let node = el.parent === null ? null : el.parent.first; node !== null; node = node.next) if (node.nodeType === 1 && node.localName === 'td') return 'rowheader';
  return 'columnheader';
}

// https://w3c.github.io/html-aam/#el-img
function imageRole(el) {
  const alt = getAttr(el, 'alt');
  return alt === '' && !isNamedByAuthor(el) ? 'none' : 'image';
}

// https://w3c.github.io/svg-aam/#include_elements
export function isNamedGraphic(el) {
  if (isNamedByAuthor(el)) return true;
  for (let node = el.first; node !== null; node = node.next) if (node.nodeType === 1 && node.localName === 'title' && node.namespace === SVG_NS) return true;
  return false;
}

// As in Chromium, a named graphic with nothing in it but its name is an image.
function svgRole(el) {
  if (!isNamedGraphic(el)) return 'SvgRoot';
  for (let node = el.first; node !== null; node = node.next) if (node.nodeType === 1 && node.localName !== 'title' && node.localName !== 'desc') return 'SvgRoot';
  return 'image';
}

function nativeRole(el) {
  if (el.namespace === SVG_NS) {
    switch (el.localName) {
      case 'svg': return svgRole(el);
      case 'a': return hasAttr(el, 'href') ? 'link' : 'generic';
      case 'text': return 'generic';
      case 'image': return 'image';
      case 'title': case 'desc': case 'defs': case 'style': case 'metadata': return 'none';
      default: return 'none';
    }
  }
  if (el.namespace !== HTML_NS) return el.localName === 'math' ? 'math' : 'generic';
  switch (el.localName) {
    case 'a': case 'area': return hasAttr(el, 'href') ? 'link' : 'generic';
    case 'aside': return insideSectioning(el, true) && !isNamedByAuthor(el) ? 'generic' : 'complementary';
    case 'footer': return insideSectioning(el, false) ? 'sectionfooter' : 'contentinfo';
    case 'form': return 'form';
    case 'header': return insideSectioning(el, false) ? 'sectionheader' : 'banner';
    case 'img': return imageRole(el);
    case 'input': {
      const { type } = el.state;
      const role = INPUT_ROLES[type] ?? 'textbox';
      return hasAttr(el, 'list') && (role === 'textbox' || role === 'searchbox') ? 'combobox' : role;
    }
    case 'li': {
      const { parent } = el;
      return parent !== null && parent.nodeType === 1 && (parent.localName === 'ul' || parent.localName === 'ol' || parent.localName === 'menu') ? 'listitem' : 'generic';
    }
    case 'section': return isNamedByAuthor(el) ? 'region' : 'generic';
    case 'select': return isMultiple(el) || displaySize(el) > 1 ? 'listbox' : 'combobox';
    case 'td': return cellRole(el);
    case 'th': return headerRole(el);
    default: return PLAIN_ROLES[el.localName] ?? 'generic';
  }
}

// https://w3c.github.io/html-aam/#author-defined-custom-elements: what ElementInternals says is the default under attributes
export function internalsAria(el, member) {
  const internals = el.custom === null ? null : el.custom.internals;
  return internals === null ? null : internals.aria[member] ?? null;
}

function explicitRole(el) {
  const own = getAttr(el, 'role');
  const found = own === null ? null : roleOf(el, own);
  if (found !== null) return found;
  const given = internalsAria(el, 'role');
  return given === null ? null : roleOf(el, given);
}

function roleOf(el, text) {
  const tokens = splitTokens(lowerAscii(text));
  for (let i = 0; i < tokens.length; i++) {
    const role = tokens[i];
    if (!ARIA_ROLES.has(role)) continue;
    // https://w3c.github.io/core-aam/#roleMappingComputedRole: landmarks of these roles need names.
    if ((role === 'form' || role === 'region') && !isNamedByAuthor(el)) continue;
    if (role !== 'none' && role !== 'presentation') return role === 'img' ? 'image' : role === 'directory' ? 'list' : role;     // a deprecated name of lists
    // https://w3c.github.io/aria/#conflict_resolution_presentation_none
    if (isFocusableArea(el, false)) return null;
    for (let j = 0; j < GLOBAL_ARIA.length; j++) if (GLOBAL_ARIA[j] !== 'aria-hidden' && hasAttr(el, GLOBAL_ARIA[j])) return null;
    return 'none';
  }
  return null;
}

export function hasExplicitRole(el) {
  return explicitRole(el) !== null;
}

export function accessibleRole(el) {
  return explicitRole(el) ?? nativeRole(el);
}

// https://w3c.github.io/aria/#childrenArePresentational
export const CHILDREN_PRESENTATIONAL = new SafeSet([
  'button', 'checkbox', 'image', 'menuitemcheckbox', 'menuitemradio', 'meter', 'option', 'progressbar', 'radio', 'scrollbar', 'separator', 'slider', 'switch', 'tab', 'math',
]);

export function isAriaDisabled(el) {
  if (isDisabled(el)) return true;
  for (let node = el; node !== null && node.nodeType === 1; node = node.parent) {
    const value = getAttr(node, 'aria-disabled');
    if (value !== null) return lowerAscii(value) === 'true';
  }
  return false;
}
