// https://html.spec.whatwg.org/multipage/rendering.html#the-css-user-agent-style-sheet-and-presentational-hints
// The user agent's style sheet as tables by element, with the values that Chromium gives.

import { getAttr, hasAttr } from '../../dom/attributes.js';
import { HTML_NS, SVG_NS } from '../../dom/namespaces.js';
import { directionOf } from '../../html/direction.js';
import { isDisabledControl } from '../../html/forms/owner.js';
import { displaySize, isMultiple } from '../../html/forms/options.js';
import { isModalDialog, isPopoverShowing } from '../../html/top_layer.js';
import { StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeToLowerCase } from '../../primordials.js';
import { legacyColor, presentationalHint } from './ua_hints.js';

const UA_SIDES = ['top', 'right', 'bottom', 'left'];
const UA_BOXES = { __proto__: null, margin: 'margin-', padding: 'padding-', 'border-style': 'border-', 'border-width': 'border-', 'border-color': 'border-' };

// One declaration, or what a shorthand stands for: up to four values of the sides
function uaDeclare(table, name, value) {
  if (name === 'overflow') table['overflow-x'] = table['overflow-y'] = value;
  else if (UA_BOXES[name] === undefined) table[name] = value;
  else {
    const values = [];
    for (let at = 0; at < value.length;) {
      const space = name === 'border-color' ? -1 : StringPrototypeIndexOf(value, ' ', at);
      const end = space < 0 ? value.length : space;
      values[values.length] = StringPrototypeSlice(value, at, end);
      at = end + 1;
    }
    const dash = StringPrototypeIndexOf(name, '-');
    const after = dash < 0 ? '' : StringPrototypeSlice(name, dash);
    for (let i = 0; i < 4; i++) table[UA_BOXES[name] + UA_SIDES[i] + after] = values[i < values.length ? i : i === 3 && values.length > 1 ? 1 : 0];
  }
}

// 'property:value;...' for each of 'a b': kept as text, since each table costs all pages what few of them look at
function uaStyle(styles, names, declarations) {
  const list = StringPrototypeSplit(names, ' ');
  for (let i = 0; i < list.length; i++) styles[list[i]] = styles[list[i]] === undefined ? declarations : styles[list[i]] + ';' + declarations;
  return styles;
}

// The table of one of them, by property; undefined: there is none
function uaTable(styles, key) {
  const text = styles[key];
  if (typeof text !== 'string') return text;
  const table = { __proto__: null };
  for (let at = 0; at < text.length;) {
    const colon = StringPrototypeIndexOf(text, ':', at);
    const semicolon = StringPrototypeIndexOf(text, ';', colon);
    const end = semicolon < 0 ? text.length : semicolon;
    uaDeclare(table, StringPrototypeSlice(text, at, colon), StringPrototypeSlice(text, colon + 1, end));
    at = end + 1;
  }
  styles[key] = table;
  return table;
}

const UA_STYLES = { __proto__: null };
uaStyle(UA_STYLES, 'area base basefont datalist head link meta noembed noframes param rp script style template title', 'display:none');
uaStyle(UA_STYLES, 'address blockquote center div figure figcaption footer form header hr legend listing main p plaintext pre search xmp article aside h1 h2 h3 h4 h5 h6 hgroup nav section '
  + 'dir dd dl dt menu ol ul', 'display:block;unicode-bidi:isolate');
uaStyle(UA_STYLES, 'html body details dialog fieldset frameset frame optgroup option', 'display:block');
uaStyle(UA_STYLES, 'summary', 'display:list-item;unicode-bidi:isolate;counter-increment:list-item 0;list-style-position:inside;list-style-type:disclosure-closed');
uaStyle(UA_STYLES, 'output bdi', 'unicode-bidi:isolate');
uaStyle(UA_STYLES, 'slot', 'display:contents');
uaStyle(UA_STYLES, 'ruby', 'display:ruby');
uaStyle(UA_STYLES, 'rt', 'display:ruby-text');
uaStyle(UA_STYLES, 'li', 'display:list-item;unicode-bidi:isolate');
uaStyle(UA_STYLES, 'table', 'display:table;unicode-bidi:isolate;box-sizing:border-box;border-spacing:2px;text-indent:0px;border-collapse:separate');
uaStyle(UA_STYLES, 'caption', 'display:table-caption;unicode-bidi:isolate;text-align:-webkit-center');
uaStyle(UA_STYLES, 'colgroup', 'display:table-column-group;unicode-bidi:isolate');
uaStyle(UA_STYLES, 'col', 'display:table-column;unicode-bidi:isolate');
uaStyle(UA_STYLES, 'thead', 'display:table-header-group;unicode-bidi:isolate;vertical-align:middle');
uaStyle(UA_STYLES, 'tbody', 'display:table-row-group;unicode-bidi:isolate;vertical-align:middle');
uaStyle(UA_STYLES, 'tfoot', 'display:table-footer-group;unicode-bidi:isolate;vertical-align:middle');
uaStyle(UA_STYLES, 'tr', 'display:table-row;unicode-bidi:isolate;vertical-align:inherit');
uaStyle(UA_STYLES, 'td th', 'display:table-cell;unicode-bidi:isolate;vertical-align:inherit;padding:1px');
uaStyle(UA_STYLES, 'th', 'font-weight:700;text-align:center');
uaStyle(UA_STYLES, 'thead tbody tfoot tr', 'border-color:inherit');
uaStyle(UA_STYLES, 'body', 'margin:8px');
uaStyle(UA_STYLES, 'p dl ul ol menu dir', 'margin-top:1em;margin-bottom:1em');
uaStyle(UA_STYLES, 'blockquote figure', 'margin:1em 40px');
uaStyle(UA_STYLES, 'dd', 'margin-left:40px');
uaStyle(UA_STYLES, 'ul ol menu dir', 'padding-left:40px');
uaStyle(UA_STYLES, 'ul menu dir', 'list-style-type:disc');
uaStyle(UA_STYLES, 'ol', 'list-style-type:decimal');
uaStyle(UA_STYLES, 'h1', 'font-size:2em;font-weight:700;margin-top:0.67em;margin-bottom:0.67em');
uaStyle(UA_STYLES, 'h2', 'font-size:1.5em;font-weight:700;margin-top:0.83em;margin-bottom:0.83em');
uaStyle(UA_STYLES, 'h3', 'font-size:1.17em;font-weight:700;margin-top:1em;margin-bottom:1em');
uaStyle(UA_STYLES, 'h4', 'font-weight:700;margin-top:1.33em;margin-bottom:1.33em');
uaStyle(UA_STYLES, 'h5', 'font-size:0.83em;font-weight:700;margin-top:1.67em;margin-bottom:1.67em');
uaStyle(UA_STYLES, 'h6', 'font-size:0.67em;font-weight:700;margin-top:2.33em;margin-bottom:2.33em');
uaStyle(UA_STYLES, 'hr', 'color:rgb(128, 128, 128);border-style:inset;border-width:1px;margin:0.5em auto;overflow:hidden');
uaStyle(UA_STYLES, 'b strong optgroup', 'font-weight:bolder');
uaStyle(UA_STYLES, 'i em cite dfn var address', 'font-style:italic');
uaStyle(UA_STYLES, 'small sub sup', 'font-size:smaller');
uaStyle(UA_STYLES, 'big', 'font-size:larger');
uaStyle(UA_STYLES, 'sub', 'vertical-align:sub');
uaStyle(UA_STYLES, 'sup', 'vertical-align:super');
uaStyle(UA_STYLES, 'u ins', 'text-decoration-line:underline');
uaStyle(UA_STYLES, 's strike del', 'text-decoration-line:line-through');
uaStyle(UA_STYLES, 'mark', 'background-color:rgb(255, 255, 0);color:rgb(0, 0, 0)');
uaStyle(UA_STYLES, 'code kbd samp tt pre listing xmp plaintext', 'font-family:monospace');
uaStyle(UA_STYLES, 'pre listing xmp plaintext', 'white-space-collapse:preserve;text-wrap-mode:nowrap;margin-top:1em;margin-bottom:1em');
uaStyle(UA_STYLES, 'nobr', 'text-wrap-mode:nowrap');
uaStyle(UA_STYLES, 'center', 'text-align:-webkit-center');
uaStyle(UA_STYLES, 'label', 'cursor:default');
uaStyle(UA_STYLES, 'bdo', 'unicode-bidi:isolate-override');
uaStyle(UA_STYLES, 'marquee', 'display:inline-block;overflow:hidden;text-wrap-mode:nowrap');
uaStyle(UA_STYLES, 'img video canvas iframe embed object', 'display:inline;overflow:clip;overflow-clip-margin:content-box');
uaStyle(UA_STYLES, 'video', 'object-fit:contain');
uaStyle(UA_STYLES, 'iframe', 'border-style:inset;border-width:2px');
uaStyle(UA_STYLES, 'fieldset', 'margin:0px 2px;padding:0.35em 0.75em 0.625em;border-style:groove;border-width:2px;border-color:rgb(239, 239, 239);min-width:min-content');
uaStyle(UA_STYLES, 'legend', 'padding:0px 2px');
uaStyle(UA_STYLES, 'dialog', 'position:absolute;margin:auto;padding:1em;border-style:solid;border-width:3px;border-color:currentcolor;background-color:rgb(255, 255, 255);color:rgb(0, 0, 0)');
uaStyle(UA_STYLES, 'meter progress', 'display:inline-block;box-sizing:border-box;vertical-align:-0.2em;appearance:auto');

// What all controls have, then each of them, then kinds of <input>
const UA_CONTROLS = { __proto__: null, input: true, select: true, button: true, textarea: true };
const CONTROL_TEXT = 'font-size:13.3333px;text-align:start;letter-spacing:normal;word-spacing:0px;line-height:normal;text-transform:none;text-indent:0px;text-shadow:none;font-style:normal;font-weight:400';
uaStyle(UA_STYLES, 'input select button textarea', 'display:inline-block;color:rgb(0, 0, 0);appearance:auto;font-family:Arial;' + CONTROL_TEXT);
uaStyle(UA_STYLES, 'option optgroup', 'cursor:default;white-space-collapse:collapse;text-wrap-mode:wrap');
uaStyle(UA_STYLES, 'option', 'padding:0px 2px 1px;text-wrap-mode:nowrap;font-weight:400');
const BUTTON_BOX = 'border-style:outset;border-width:2px;border-color:rgb(0, 0, 0);text-align:center;cursor:default;box-sizing:border-box;padding:1px 6px;background-color:rgb(239, 239, 239)';
uaStyle(UA_STYLES, 'button', BUTTON_BOX);
const FIELD_BOX = 'border-color:rgb(118, 118, 118);background-color:rgb(255, 255, 255);cursor:text;';
uaStyle(UA_STYLES, 'select', 'cursor:default;box-sizing:border-box;align-items:center;border-style:solid;border-width:1px;border-color:rgb(118, 118, 118);background-color:rgb(239, 239, 239);'
  + 'overflow:clip;overflow-clip-margin:content-box;white-space-collapse:preserve;text-wrap-mode:nowrap');
uaStyle(UA_STYLES, 'textarea', FIELD_BOX + 'border-style:solid;border-width:1px;white-space-collapse:preserve;text-wrap-mode:wrap;overflow-wrap:break-word;overflow:auto;resize:both;font-family:monospace;padding:2px');
uaStyle(UA_STYLES, 'input', FIELD_BOX + 'border-style:inset;border-width:2px;padding:1px 2px;overflow:clip');

const PLAIN_INPUT = 'border-style:none;border-width:0px;border-color:currentcolor;background-color:rgba(0, 0, 0, 0);padding:0px;cursor:default;';
const UA_INPUTS = uaStyle({ __proto__: null }, 'submit reset button', BUTTON_BOX + ';white-space-collapse:preserve;text-wrap-mode:nowrap;user-select:none');
uaStyle(UA_INPUTS, 'search', 'box-sizing:border-box');
uaStyle(UA_INPUTS, 'date time month week datetime-local', 'cursor:default;font-family:monospace;padding:0px 0px 0px 1px');
uaStyle(UA_INPUTS, 'checkbox radio range', PLAIN_INPUT + 'overflow:visible;box-sizing:border-box');
uaStyle(UA_INPUTS, 'checkbox', 'margin:3px 3px 3px 4px');
uaStyle(UA_INPUTS, 'radio', 'margin:3px 3px 0px 5px;border-top-left-radius:50%;border-top-right-radius:50%;border-bottom-left-radius:50%;border-bottom-right-radius:50%');
uaStyle(UA_INPUTS, 'range', 'margin:2px;box-sizing:content-box;background-color:rgb(255, 255, 255);color:rgb(157, 150, 142)');
uaStyle(UA_INPUTS, 'file hidden image', PLAIN_INPUT + 'appearance:none');
uaStyle(UA_INPUTS, 'file', 'align-items:baseline;text-overflow:ellipsis;white-space-collapse:preserve;text-wrap-mode:nowrap');
uaStyle(UA_INPUTS, 'hidden', 'display:none');
uaStyle(UA_INPUTS, 'image', 'cursor:pointer;overflow-clip-margin:content-box');
uaStyle(UA_INPUTS, 'color', 'border-style:solid;border-width:1px;border-color:currentcolor;background-color:rgb(239, 239, 239);box-sizing:border-box;cursor:default');

// Lists that show more than one option
const UA_LIST_BOX = uaStyle({ __proto__: null }, 'select', 'align-items:flex-start;background-color:rgb(255, 255, 255);overflow-x:hidden;overflow-y:scroll;overflow-clip-margin:0px;white-space-collapse:collapse;'
  + 'vertical-align:text-bottom;border-top-left-radius:2px;border-top-right-radius:2px;border-bottom-left-radius:2px;border-bottom-right-radius:2px');

// Of disabled controls, by what they are
const FADED_BORDER = ';border-color:rgba(118, 118, 118, 0.3);cursor:default';
const UA_DISABLED = uaStyle({ __proto__: null }, 'field', 'color:rgb(84, 84, 84);background-color:rgba(239, 239, 239, 0.3)' + FADED_BORDER);
uaStyle(UA_DISABLED, 'button', 'color:rgba(16, 16, 16, 0.3);background-color:rgba(239, 239, 239, 0.3)' + FADED_BORDER);
uaStyle(UA_DISABLED, 'select', 'color:rgb(128, 128, 128);opacity:0.7' + FADED_BORDER);
uaStyle(UA_DISABLED, 'bare', 'color:rgb(84, 84, 84)' + FADED_BORDER);
uaStyle(UA_DISABLED, 'tickable', 'color:rgb(84, 84, 84)');
uaStyle(UA_DISABLED, 'range', 'color:rgb(197, 197, 197);background-color:rgba(0, 0, 0, 0)' + FADED_BORDER);
const DISABLED_KINDS = {
  __proto__: null, submit: 'button', reset: 'button', button: 'button', color: 'button', file: 'bare', hidden: 'bare', image: 'bare', checkbox: 'tickable', radio: 'tickable', range: 'range',
};

const UA_POPOVER = uaStyle({ __proto__: null }, 'popover', 'position:fixed;margin:auto;padding:0.25em;border-style:solid;border-width:3px;overflow:auto;background-color:rgb(255, 255, 255);color:rgb(0, 0, 0)');

const UA_SVG = uaStyle({ __proto__: null }, 'style script', 'display:none');
uaStyle(UA_SVG, 'svg symbol image marker pattern foreignObject', 'overflow:hidden');
uaStyle(UA_SVG, 'svg', 'overflow-clip-margin:content-box');
uaStyle(UA_SVG, 'text foreignObject', 'display:block');
uaStyle(UA_SVG, 'text', 'text-wrap-mode:nowrap');

const UA_LISTS = { __proto__: null, ul: true, ol: true, menu: true, dir: true, dl: true };

// What the user agent's sheet and presentational hints say of one property of an element; undefined: nothing.
export function uaValue(el, name) {
  const { localName } = el;
  if (el.namespace !== HTML_NS) {
    if (el.namespace !== SVG_NS) return undefined;
    if (name === 'cursor' && localName === 'a' && (hasAttr(el, 'href') || hasAttr(el, 'xlink:href'))) return 'pointer';
    return uaTable(UA_SVG, localName)?.[name];
  }
  if (el.attrs.length > 0 || localName === 'dialog' || localName === 'noscript') {
    const special = uaByAttributes(el, localName, name) ?? presentationalHint(el, localName, name);
    if (special !== undefined) return special;
  } else if (localName === 'td' || localName === 'th' || localName === 'bdi') {
    const special = localName === 'bdi' ? uaByAttributes(el, localName, name) : presentationalHint(el, localName, name);
    if (special !== undefined) return special;
  }
  if (el.doc.focusedElement === el && el.doc.focusVisible) {
    if (name === 'outline-style') return 'auto';
    if (name === 'outline-width') return '1px';
    if (name === 'outline-color') return 'rgb(16, 16, 16)';
  }
  if (UA_CONTROLS[localName] === true) return controlValue(el, localName, name);
  if (UA_LISTS[localName] === true && (name === 'list-style-type' || name === 'margin-top' || name === 'margin-bottom')) {
    const nested = nestedListValue(el, localName, name);
    if (nested !== undefined) return nested;
  }
  if (localName === 'summary' && name === 'list-style-type' && el.parent !== null && el.parent.localName === 'details' && hasAttr(el.parent, 'open')) return 'disclosure-open';
  if (localName === 'audio' && name === 'display') return hasAttr(el, 'controls') ? undefined : 'none';
  if (localName === 'rt' && name === 'font-size' && el.parent !== null && el.parent.localName === 'ruby') return '50%';
  return uaTable(UA_STYLES, localName)?.[name];
}

// A list in a list: its marker is another one, and it has no margins.
function nestedListValue(el, localName, name) {
  let depth = 0;
  for (let at = el.parent; at !== null && depth < 2; at = at.parent) {
    if (at.nodeType === 1 && UA_LISTS[at.localName] === true && at.namespace === HTML_NS && (name !== 'list-style-type' || at.localName !== 'dl')) depth++;
  }
  if (depth === 0) return undefined;
  if (name !== 'list-style-type') return '0px';
  return localName === 'ol' || localName === 'dl' ? undefined : depth === 1 ? 'circle' : 'square';
}

function controlValue(el, localName, name) {
  const type = localName === 'input' ? lowerAttr(el, 'type') : '';
  const own = localName === 'input' ? uaTable(UA_INPUTS, type) : undefined;
  const kind = localName === 'input' ? DISABLED_KINDS[type] ?? 'field' : localName === 'textarea' ? 'field' : localName;
  const faded = uaTable(UA_DISABLED, kind)[name];
  if (faded !== undefined && isDisabledControl(el)) return faded;
  const listed = uaTable(UA_LIST_BOX, localName)?.[name];
  if (listed !== undefined && (isMultiple(el) || displaySize(el) > 1)) return listed;
  return own?.[name] ?? uaTable(UA_STYLES, localName)[name];
}

function uaByAttributes(el, localName, name) {
  switch (name) {
    case 'display':
      if (hasAttr(el, 'hidden') && localName !== 'embed') return 'none';
      if (localName === 'noscript') return el.doc.window !== null && el.doc.window.scriptingEnabled ? 'none' : 'inline';
      if (localName === 'dialog') return hasAttr(el, 'open') || (hasAttr(el, 'popover') && isPopoverShowing(el)) ? undefined : 'none';
      if (hasAttr(el, 'popover') && !isPopoverShowing(el)) return 'none';
      return undefined;
    case 'visibility': return localName === 'dialog' && isModalDialog(el) ? 'visible' : undefined;
    case 'color': return localName === 'a' && hasAttr(el, 'href') ? linkColor(el.doc) : hasAttr(el, 'popover') ? uaTable(UA_POPOVER, 'popover').color : undefined;
    case 'cursor': return (localName === 'a' || localName === 'area') && hasAttr(el, 'href') ? 'pointer' : undefined;
    case 'text-decoration-line': {
      if (localName === 'a') return hasAttr(el, 'href') ? 'underline' : undefined;
      return (localName === 'abbr' || localName === 'acronym') && hasAttr(el, 'title') ? 'underline' : undefined;
    }
    case 'text-decoration-style': return (localName === 'abbr' || localName === 'acronym') && hasAttr(el, 'title') ? 'dotted' : undefined;
    case 'direction': {
      const dir = lowerAttr(el, 'dir');
      if (dir === 'rtl' || dir === 'ltr') return dir;
      return dir === 'auto' || localName === 'bdi' || (localName === 'input' && lowerAttr(el, 'type') === 'tel') ? directionOf(el) : undefined;
    }
    default: return hasAttr(el, 'popover') ? uaTable(UA_POPOVER, 'popover')[name] : undefined;
  }
}

// 15.3.10: <body link>
function linkColor(doc) {
  const body = doc.bodyElement();
  return (body === null ? undefined : legacyColor(getAttr(body, 'link'))) ?? 'rgb(0, 0, 238)';
}

export function isHiddenInput(el) {
  return el.localName === 'input' && lowerAttr(el, 'type') === 'hidden';
}

function lowerAttr(el, name) {
  const value = getAttr(el, name);
  return value === null ? '' : StringPrototypeToLowerCase(value);
}
