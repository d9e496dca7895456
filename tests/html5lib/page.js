// What the tests do inside of a page: build trees, and write them as html5lib-tests does.
'use strict';

const NAMESPACES = { svg: 'http://www.w3.org/2000/svg', math: 'http://www.w3.org/1998/Math/MathML' };
const PREFIXES = {
  'http://www.w3.org/2000/svg': 'svg ', 'http://www.w3.org/1998/Math/MathML': 'math ', 'http://www.w3.org/1999/xlink': 'xlink ',
  'http://www.w3.org/XML/1998/namespace': 'xml ', 'http://www.w3.org/2000/xmlns/': 'xmlns ',
};

function lines(parent, depth, out) {
  const indent = '| ' + '  '.repeat(depth);
  for (const node of parent.childNodes) {
    switch (node.nodeType) {
      case 1: {
        out.push(`${indent}<${PREFIXES[node.namespaceURI] ?? ''}${node.localName}>`);
        const names = Array.from(node.attributes, (attr) => [(PREFIXES[attr.namespaceURI] ?? '') + attr.localName, attr.value]);
        names.sort(([a], [b]) => (a < b ? -1 : 1));
        for (const [name, value] of names) out.push(`${indent}  ${name}="${value}"`);
        if (node.localName === 'template' && node.content) {
          out.push(`${indent}  content`);
          lines(node.content, depth + 2, out);
        }
        lines(node, depth + 1, out);
        break;
      }
      case 3: out.push(`${indent}"${node.data}"`); break;
      case 7: out.push(`${indent}<?${node.target} ${node.data}>`); break;
      case 8: out.push(`${indent}<!-- ${node.data} -->`); break;
      case 10: {
        const ids = node.publicId || node.systemId ? ` "${node.publicId}" "${node.systemId}"` : '';
        out.push(`${indent}<!DOCTYPE ${node.name}${ids}>`);
      }
    }
  }
  return out;
}

function tree(root) {
  root.normalize();
  return lines(root, 0, []).join('\n');
}

function inFrame(fill) {
  return new Promise((resolve) => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    frame.onload = () => {
      frame.onload = null;
      resolve(tree(frame.contentDocument));
      frame.remove();
    };
    fill(frame);
  });
}

const ways = {
  whole: ({ markup }) => inFrame((frame) => {
    frame.src = URL.createObjectURL(new Blob([markup], { type: 'text/html;charset=utf-8' }));
  }),
  pieces: ({ markup }) => inFrame((frame) => {
    const doc = frame.contentDocument;
    doc.open();
    for (const unit of markup) doc.write(unit);
    doc.close();
  }),
  unscripted: ({ markup }) => tree(new DOMParser().parseFromString(markup, 'text/html')),
  fragment({ markup, context }) {
    const [prefix, name] = context.includes(' ') ? context.split(' ') : ['', context];
    const element = document.createElementNS(NAMESPACES[prefix] ?? 'http://www.w3.org/1999/xhtml', name);
    element.innerHTML = markup;
    return tree(name === 'template' && !prefix ? element.content : element);
  },
};

async function run(way, cases) {
  const out = [];
  for (const one of cases) out.push(await ways[way](one));
  return out;
}
