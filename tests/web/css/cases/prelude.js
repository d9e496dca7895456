// What every case file sees: a document with a body, `t` for a case, `eq` for a check, `mk` for an element in the body, `css` for a style element.
const out = [];
let checks = 0;
const eq = (got, want, name) => {
  checks++;
  if (JSON.stringify(got) !== JSON.stringify(want)) out.push(`${name}: got ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
};
const t = (name, run) => {
  try {
    run();
  } catch (error) {
    out.push(`${name}: ${error}`);
  }
};
document.append(document.createElement('html'));
const H = document.documentElement;
H.append(document.createElement('head'), document.createElement('body'));
const B = document.body;
const mk = (tag, attributes = {}, text = '') => {
  const el = document.createElement(tag);
  for (const name in attributes) el.setAttribute(name, attributes[name]);
  el.textContent = text;
  B.append(el);
  return el;
};
const css = (text) => {
  const style = document.createElement('style');
  style.textContent = text;
  document.head.append(style);
  return style;
};
