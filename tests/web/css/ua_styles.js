// https://html.spec.whatwg.org/multipage/rendering.html#the-css-user-agent-style-sheet-and-presentational-hints
const host = document.createElement('div');

// The computed values of the element with the attribute `x`
function styleOf(markup) {
  document.body.append(host);
  host.innerHTML = markup;
  return getComputedStyle(host.querySelector('[x]'));
}

function check(markup, expected) {
  test(() => {
    const style = styleOf(markup);
    for (const name in expected) assert_equals(style.getPropertyValue(name), expected[name], name);
  }, markup);
}

check('<input x>', { border: '2px inset rgb(118, 118, 118)', 'background-color': 'rgb(255, 255, 255)', color: 'rgb(0, 0, 0)', cursor: 'text', padding: '1px 2px', 'overflow-x': 'clip' });
check('<p style="color: red; font: italic bold 30px serif"><input x>', { color: 'rgb(0, 0, 0)', 'font-style': 'normal', 'font-size': '13.3333px' });
check('<input type=submit x>', { 'border-top-style': 'outset', padding: '1px 6px', 'text-align': 'center', 'background-color': 'rgb(239, 239, 239)', 'white-space': 'pre' });
check('<input type=hidden x>', { display: 'none', 'border-top-width': '0px' });
check('<input type=radio x>', { margin: '3px 3px 0px 5px', padding: '0px', 'border-top-left-radius': '50%', 'box-sizing': 'border-box' });
check('<fieldset disabled><input x></fieldset>', { color: 'rgb(84, 84, 84)', cursor: 'default' });
check('<fieldset disabled><legend><input x></legend></fieldset>', { color: 'rgb(0, 0, 0)', cursor: 'text' });
check('<button disabled x>', { color: 'rgba(16, 16, 16, 0.3)', 'background-color': 'rgba(239, 239, 239, 0.3)' });
check('<select x>', { border: '1px solid rgb(118, 118, 118)', 'white-space': 'pre', 'background-color': 'rgb(239, 239, 239)' });
check('<select size=3 x>', { 'overflow-y': 'scroll', 'background-color': 'rgb(255, 255, 255)' });
check('<textarea x>', { resize: 'both', 'overflow-y': 'auto', 'font-family': 'monospace', 'white-space': 'pre-wrap' });
check('<hr x>', { overflow: 'hidden', border: '1px inset rgb(128, 128, 128)' });
check('<hr color=red x>', { 'background-color': 'rgb(255, 0, 0)', 'border-top-style': 'solid' });
check('<img x>', { overflow: 'clip', 'border-top-style': 'none' });
check('<img border=0 x>', { 'border-top-style': 'solid', 'border-top-width': '0px' });
check('<img align=left hspace=3 x>', { float: 'left', display: 'block', 'margin-left': '3px', 'vertical-align': 'top' });
check('<ul><li><ul x>', { 'list-style-type': 'circle', 'margin-top': '0px' });
check('<ul><li><ol><li><ul x>', { 'list-style-type': 'square' });
check('<dl><dd><ul x>', { 'list-style-type': 'disc', 'margin-top': '0px' });
check('<ol type=a x>', { 'list-style-type': 'lower-alpha' });
check('<table border=2 x>', { 'border-top-width': '2px', 'border-top-style': 'outset' });
check('<table border=2 cellpadding=5><tr><td x>', { 'border-top-width': '1px', 'border-top-style': 'inset', padding: '5px' });
check('<table rules=rows><tr><td x>', { 'border-top-style': 'solid', 'border-left-style': 'none', 'border-collapse': 'collapse' });
check('<table align=right x>', { float: 'right' });
check('<table><tr valign=top align=center><td x>', { 'vertical-align': 'top', 'text-align': '-webkit-center' });
check('<table><caption align=bottom x>', { 'caption-side': 'bottom', 'text-align': '-webkit-center' });
check('<p style="display: none"><input width=30 height=9 x>', { width: 'auto', height: 'auto' });
check('<p style="display: none"><input type=image width=30 height=9 x>', { width: '30px', height: '9px' });
check('<div style="display: none"><table width=0 height=0 x>', { width: 'auto', height: '0px' });
check('<div style="display: none"><table><td width=0 height=00.0 x>', { width: 'auto', height: 'auto' });
check('<div style="display: none"><table><tbody width=9 height=9 x>', { width: 'auto', height: '9px' });
check('<div style="display: none"><table><tr width=9 height=9 x>', { width: 'auto', height: '9px' });
check('<div style="width: 600px"><canvas width=30 height=15 style="width: 100%" x>', { width: '600px', height: '300px' });
check('<font color=fff size=7 face=arial x>', { color: 'rgb(15, 15, 15)', 'font-size': '48px', 'font-family': 'arial' });
check('<table bgcolor="#12345" x>', { 'background-color': 'rgb(18, 52, 80)' });
check('<table bgcolor="chucknorris" x>', { 'background-color': 'rgb(192, 0, 0)' });
check('<table bgcolor="transparent" x>', { 'background-color': 'rgba(0, 0, 0, 0)' });
check('<br clear=all x>', { clear: 'both' });
check('<details open><summary x>', { 'list-style-type': 'disclosure-open' });
test(() => {
  styleOf('<details open x><summary>');
  assert_equals(getComputedStyle(host.querySelector('summary')).listStyleType, 'disclosure-open');
}, 'the summary of open details');
check('<h1><b x>', { 'font-weight': '900' });
check('<p><strong x>', { 'font-weight': '700' });
check('<abbr title=a x>', { 'text-decoration': 'underline dotted' });
check('<span x>', { 'text-decoration': 'none', 'min-width': '0px' });
check('<div style="display: flex"><b x>', { 'min-width': 'auto' });
check('<svg><text x>', { display: 'block' });
check('<div popover=manual x>', { position: 'fixed', display: 'none', 'border-top-width': '3px' });

// Fonts of one width are smaller, unless a page says a length.
check('<code x>', { 'font-size': '13px' });
check('<code style="font-family: Foo" x>', { 'font-size': '16px' });
check('<code style="font-family: Foo"><b x>', { 'font-size': '16px' });
check('<pre style="font-family: inherit" x>', { 'font-size': '16px', 'margin-top': '16px' });
check('<div style="font-size: 20px"><pre x>', { 'font-size': '20px', 'margin-top': '20px' });
check('<pre style="font-size: 20px"><code x>', { 'font-size': '20px' });
check('<kbd style="font-size: 2em" x>', { 'font-size': '26px' });
check('<kbd style="font-size: small" x>', { 'font-size': '12px' });
check('<code><i style="font-family: Foo" x>', { 'font-size': '16px' });
check('<p style="font-family: monospace"><b x>', { 'font-size': '13px' });

check('<p style="border: 1.6px solid; outline: 0.2px solid; position: -webkit-sticky" x>', { 'border-top-width': '1px', 'outline-width': '1px', position: 'sticky' });
check('<table style="border-color: red"><tbody x>', { 'border-top-color': 'rgb(255, 0, 0)' });
check('<center><table x><tr><td>', { 'text-align': 'start' });
check('<center><table><tr><td><p x>', { 'text-align': 'start' });
check('<center><p x>', { 'text-align': '-webkit-center' });
check('<input type=hidden style="display: block" x>', { display: 'none' });
check('<button style="display: inline" x>', { display: 'inline-block' });
check('<div style="display: flex"><select style="display: inline" x>', { display: 'block' });
check('<input style="overflow: visible" x>', { 'overflow-x': 'clip' });
check('<input type=checkbox style="overflow: auto" x>', { 'overflow-x': 'auto' });
test(() => {
  document.body.setAttribute('link', '#0000ff');
  assert_equals(styleOf('<a href=x x>').color, 'rgb(0, 0, 255)');
  document.body.removeAttribute('link');
  assert_equals(styleOf('<a href=x x>').color, 'rgb(0, 0, 238)');
}, 'the colour of links that the body says');
