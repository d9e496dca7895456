// https://html.spec.whatwg.org/multipage/rendering.html#the-css-user-agent-style-sheet-and-presentational-hints
// The user agent's style sheet as tables by element: what matters without pixels.

import { getAttr, hasAttr } from '../../dom/attributes.js';
import { HTML_NS, SVG_NS } from '../../dom/namespaces.js';
import { directionOf } from '../../html/direction.js';
import { isModalDialog, isPopoverShowing } from '../../html/top_layer.js';
import { RegExpPrototypeExec, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeToLowerCase } from '../../primordials.js';

const UA_STYLES = { __proto__: null };

// 'a,b' then 'property:value;...'
function uaStyle(names, declarations) {
  const list = StringPrototypeSplit(declarations, ';');
  const pairs = [];
  for (let i = 0; i < list.length; i++) {
    const colon = StringPrototypeIndexOf(list[i], ':');
    pairs[i] = [StringPrototypeSlice(list[i], 0, colon), StringPrototypeSlice(list[i], colon + 1)];
  }
  const split = StringPrototypeSplit(names, ' ');
  for (let i = 0; i < split.length; i++) {
    const table = UA_STYLES[split[i]] ?? (UA_STYLES[split[i]] = { __proto__: null });
    for (let j = 0; j < pairs.length; j++) table[pairs[j][0]] = pairs[j][1];
  }
}

function uaBox(names, property, before, after) {
  uaStyle(names, property + '-top:' + before + ';' + property + '-bottom:' + after);
}

uaStyle('area base basefont datalist head link meta noembed noframes param rp script style template title', 'display:none');
uaStyle('html body address blockquote center dialog div dd dl dt fieldset figcaption figure footer form frameset frame h1 h2 h3 h4 h5 h6 header hgroup hr legend listing main nav ol optgroup option p plaintext pre '
  + 'search section summary ul xmp article aside menu dir details optgroup', 'display:block');
uaStyle('slot', 'display:contents');
uaStyle('ruby', 'display:ruby');
uaStyle('rt', 'display:ruby-text');
uaStyle('li', 'display:list-item');
uaStyle('table', 'display:table;box-sizing:border-box;border-spacing:2px;text-indent:0px;border-collapse:separate');
uaStyle('caption', 'display:table-caption;text-align:center');
uaStyle('colgroup', 'display:table-column-group');
uaStyle('col', 'display:table-column');
uaStyle('thead', 'display:table-header-group;vertical-align:middle');
uaStyle('tbody', 'display:table-row-group;vertical-align:middle');
uaStyle('tfoot', 'display:table-footer-group;vertical-align:middle');
uaStyle('tr', 'display:table-row;vertical-align:inherit');
uaStyle('td th', 'display:table-cell;vertical-align:inherit;padding-top:1px;padding-right:1px;padding-bottom:1px;padding-left:1px');
uaStyle('th', 'font-weight:700;text-align:center');
uaStyle('input select button textarea meter progress', 'display:inline-block');
uaStyle('input select button textarea', 'font-size:13.3333px;text-align:start;letter-spacing:normal;word-spacing:0px;line-height:normal;text-transform:none;text-indent:0px;font-family:Arial;font-weight:400');
uaStyle('button', 'text-align:center;cursor:default;box-sizing:border-box;padding-top:1px;padding-right:6px;padding-bottom:1px;padding-left:6px;background-color:rgb(239, 239, 239)');
uaStyle('select', 'cursor:default;box-sizing:border-box');
uaStyle('input', 'cursor:text;padding-top:1px;padding-right:2px;padding-bottom:1px;padding-left:2px');
uaStyle('textarea', 'cursor:text;white-space-collapse:preserve;text-wrap-mode:wrap;font-family:monospace;padding-top:2px;padding-right:2px;padding-bottom:2px;padding-left:2px');
uaStyle('button input select textarea', 'border-top-style:solid;border-right-style:solid;border-bottom-style:solid;border-left-style:solid;'
  + 'border-top-width:1px;border-right-width:1px;border-bottom-width:1px;border-left-width:1px;border-top-color:rgb(118, 118, 118);border-right-color:rgb(118, 118, 118);'
  + 'border-bottom-color:rgb(118, 118, 118);border-left-color:rgb(118, 118, 118)');
uaStyle('marquee', 'display:inline-block');
uaStyle('img video canvas iframe embed object', 'display:inline');
uaStyle('iframe', 'border-top-style:inset;border-right-style:inset;border-bottom-style:inset;border-left-style:inset;border-top-width:2px;border-right-width:2px;border-bottom-width:2px;border-left-width:2px');
uaStyle('body', 'margin-top:8px;margin-right:8px;margin-bottom:8px;margin-left:8px');
uaBox('p dl blockquote figure', 'margin', '1em', '1em');
uaStyle('blockquote figure', 'margin-left:40px;margin-right:40px');
uaStyle('dd', 'margin-left:40px');
uaBox('ul ol menu dir', 'margin', '1em', '1em');
uaStyle('ul ol menu dir', 'padding-left:40px');
uaStyle('ol', 'list-style-type:decimal');
uaStyle('h1', 'font-size:2em;font-weight:700;margin-top:0.67em;margin-bottom:0.67em');
uaStyle('h2', 'font-size:1.5em;font-weight:700;margin-top:0.83em;margin-bottom:0.83em');
uaStyle('h3', 'font-size:1.17em;font-weight:700;margin-top:1em;margin-bottom:1em');
uaStyle('h4', 'font-weight:700;margin-top:1.33em;margin-bottom:1.33em');
uaStyle('h5', 'font-size:0.83em;font-weight:700;margin-top:1.67em;margin-bottom:1.67em');
uaStyle('h6', 'font-size:0.67em;font-weight:700;margin-top:2.33em;margin-bottom:2.33em');
uaStyle('hr', 'color:rgb(128, 128, 128);border-top-style:inset;border-right-style:inset;border-bottom-style:inset;border-left-style:inset;border-top-width:1px;border-right-width:1px;'
  + 'border-bottom-width:1px;border-left-width:1px;margin-top:0.5em;margin-bottom:0.5em;margin-left:auto;margin-right:auto');
uaStyle('b strong', 'font-weight:700');
uaStyle('i em cite dfn var address', 'font-style:italic');
uaStyle('small', 'font-size:smaller');
uaStyle('big', 'font-size:larger');
uaStyle('sub', 'vertical-align:sub;font-size:smaller');
uaStyle('sup', 'vertical-align:super;font-size:smaller');
uaStyle('u ins', 'text-decoration-line:underline');
uaStyle('s strike del', 'text-decoration-line:line-through');
uaStyle('mark', 'background-color:rgb(255, 255, 0);color:rgb(0, 0, 0)');
uaStyle('code kbd samp tt', 'font-family:monospace;font-size:13px');
uaStyle('pre listing xmp plaintext', 'font-family:monospace;font-size:13px;white-space-collapse:preserve;text-wrap-mode:nowrap;margin-top:1em;margin-bottom:1em');
uaStyle('nobr', 'text-wrap-mode:nowrap');
uaStyle('center', 'text-align:-webkit-center');
uaStyle('label', 'cursor:default');
uaStyle('fieldset', 'margin-left:2px;margin-right:2px;padding-top:0.35em;padding-right:0.75em;padding-bottom:0.625em;padding-left:0.75em;border-top-style:groove;border-right-style:groove;'
  + 'border-bottom-style:groove;border-left-style:groove;border-top-width:2px;border-right-width:2px;border-bottom-width:2px;border-left-width:2px');
uaStyle('legend', 'padding-left:2px;padding-right:2px');
uaStyle('dialog', 'position:absolute;margin-top:auto;margin-right:auto;margin-bottom:auto;margin-left:auto;padding-top:1em;padding-right:1em;padding-bottom:1em;padding-left:1em');
uaStyle('summary', 'display:list-item;list-style-position:inside;list-style-type:disclosure-closed');
uaStyle('bdo', 'unicode-bidi:isolate-override');

const UA_ALIGNS = { __proto__: null, left: 'left', right: 'right', center: 'center', justify: 'justify', middle: 'center' };

// What the user agent's sheet and presentational hints say of one property of an element; undefined: nothing.
export function uaValue(el, name) {
  if (el.namespace !== HTML_NS) {
    if (el.namespace === SVG_NS && name === 'display' && (el.localName === 'style' || el.localName === 'script')) return 'none';
    return undefined;
  }
  const { localName } = el;
  if (el.attrs.length > 0 || localName === 'dialog' || localName === 'noscript' || localName === 'input' || localName === 'bdi') {
    const special = uaByAttributes(el, localName, name);
    if (special !== undefined) return special;
  }
  if (name === 'color' && localName === 'a' && hasAttr(el, 'href')) return 'rgb(0, 0, 238)';
  if (el.doc.focusedElement === el && el.doc.focusVisible) {
    if (name === 'outline-style') return 'auto';
    if (name === 'outline-width') return '1px';
    if (name === 'outline-color') return 'rgb(16, 16, 16)';
  }
  const table = UA_STYLES[localName];
  return table === undefined ? undefined : table[name];
}

function uaByAttributes(el, localName, name) {
  switch (name) {
    case 'display':
      if (hasAttr(el, 'hidden') && localName !== 'embed') return 'none';
      if (localName === 'noscript') return el.doc.window !== null && el.doc.window.scriptingEnabled ? 'none' : 'inline';
      if (localName === 'input' && lowerAttr(el, 'type') === 'hidden') return 'none';
      if (localName === 'dialog') return hasAttr(el, 'open') || (hasAttr(el, 'popover') && isPopoverShowing(el)) ? undefined : 'none';
      if (hasAttr(el, 'popover') && !isPopoverShowing(el)) return 'none';
      return undefined;
    case 'visibility': return localName === 'dialog' && isModalDialog(el) ? 'visible' : undefined;
    case 'cursor':
      if (localName === 'a' || localName === 'area') return hasAttr(el, 'href') ? 'pointer' : undefined;
      if (localName === 'input') {
        const type = lowerAttr(el, 'type');
        return type === 'button' || type === 'submit' || type === 'reset' || type === 'checkbox' || type === 'radio' || type === 'image' || type === 'file' ? 'default' : undefined;
      }
      return undefined;
    case 'text-decoration-line': return localName === 'a' && hasAttr(el, 'href') ? 'underline' : undefined;
    case 'direction': {
      const dir = lowerAttr(el, 'dir');
      if (dir === 'rtl' || dir === 'ltr') return dir;
      return dir === 'auto' || localName === 'bdi' || (localName === 'input' && lowerAttr(el, 'type') === 'tel') ? directionOf(el) : undefined;
    }
    case 'text-align': {
      const align = lowerAttr(el, 'align');
      return localName === 'table' || localName === 'img' || align === '' ? undefined : UA_ALIGNS[align];
    }
    case 'background-color': return hexHint(getAttr(el, 'bgcolor'));
    case 'color': return localName === 'font' ? hexHint(getAttr(el, 'color')) : localName === 'body' ? hexHint(getAttr(el, 'text')) : undefined;
    case 'font-family': return localName === 'font' ? hexHint(getAttr(el, 'face')) : undefined;
    case 'font-size': return localName === 'font' ? fontSizeHint(getAttr(el, 'size')) : undefined;
    case 'width': case 'height': {
      if (!SIZED[localName]) return undefined;
      const text = getAttr(el, name);
      const number = text === null ? NaN : +StringPrototypeSplit(text, '%')[0];
      return number >= 0 && text !== '' ? number + (text[text.length - 1] === '%' ? '%' : 'px') : undefined;
    }
    case 'padding-top': case 'padding-right': case 'padding-bottom': case 'padding-left':
      return isTickable(el, localName) ? '0px' : undefined;
    case 'border-top-style': case 'border-right-style': case 'border-bottom-style': case 'border-left-style':
      return isTickable(el, localName) ? 'none' : undefined;
    case 'box-sizing': return isTickable(el, localName) ? 'border-box' : undefined;
    case 'border-top-width': case 'border-right-width': case 'border-bottom-width': case 'border-left-width':
      if (isTickable(el, localName)) return '0px';
      return localName === 'iframe' && getAttr(el, 'frameborder') === '0' ? '0px' : undefined;
    case 'text-wrap-mode': return (localName === 'td' || localName === 'th') && hasAttr(el, 'nowrap') ? 'nowrap' : undefined;
    default: return undefined;
  }
}

// A check box or radio button: its frame is no border.
function isTickable(el, localName) {
  if (localName !== 'input') return false;
  const type = lowerAttr(el, 'type');
  return type === 'checkbox' || type === 'radio';
}

const SIZED = { __proto__: null, img: true, iframe: true, video: true, canvas: true, embed: true, object: true, table: true, td: true, th: true, hr: true, col: true, marquee: true, input: true };

function lowerAttr(el, name) {
  const value = getAttr(el, name);
  return value === null ? '' : StringPrototypeToLowerCase(value);
}

const LEGACY_FONT_SIZES = ['x-small', 'small', 'medium', 'large', 'x-large', 'xx-large', 'xxx-large'];

// https://html.spec.whatwg.org/multipage/rendering.html#rules-for-parsing-a-legacy-font-size
function fontSizeHint(text) {
  const m = text === null ? null : RegExpPrototypeExec(/^[ \t\n\f\r]*([+-]?)(\d+)/, text);
  if (m === null) return undefined;
  const n = m[1] === '+' ? 3 + +m[2] : m[1] === '-' ? 3 - m[2] : +m[2];
  return LEGACY_FONT_SIZES[n < 1 ? 0 : n > 7 ? 6 : n - 1];
}

function hexHint(value) {
  return value === null || value === '' ? undefined : value;
}
