// The attributes of CSSStyleDeclaration, which come when they are asked for: nobody can tell.
const style = mk('div').style;
for (const name of ['color', 'backgroundColor', 'background-color', 'margin', 'wordWrap', 'word-wrap', 'WebkitTransform', 'webkitTransform', '-webkit-transform', 'cssFloat', 'float']) {
  t(name, () => eq(name in style, true, name));
}
for (const name of ['Color', 'font-Size', 'fontsize', 'WEBKITTransform', 'no', '', '--x', 'toString '] ) {
  t(name, () => {
    eq(name in style, false, name);
    style[name] = 'red';
    eq(style[name], 'red', name);
    eq(style.cssText, '', name);
    delete style[name];
  });
}
t('accessors are there once asked for', () => {
  style.borderTopColor = 'red';
  eq(style.cssText, 'border-top-color: red;', 'text');
  const { get, set, enumerable, configurable } = Object.getOwnPropertyDescriptor(CSSStyleDeclaration.prototype, 'borderTopColor');
  eq(typeof get + typeof set + enumerable + configurable, 'functionfunctiontruetrue', 'descriptor');
  eq(get.call(style), 'red', 'get');
});
t('all are there for who asks for the prototype', () => {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(style));
  eq(names.includes('zIndex') && names.includes('z-index') && names.length > 1000, true, 'names');
  let count = 0;
  for (const name in style) count++;
  eq(count > 1000, true, 'enumerated');
});
