// https://drafts.csswg.org/cssom-view/

t('geo', () => {
  const b=mk('button',{},'x');
  const r=b.getBoundingClientRect();
  b.scrollIntoView();
  const r2=b.getBoundingClientRect();
  eq(document.elementFromPoint(r2.x+r2.width/2,r2.y+r2.height/2)===b,true,'efp');
  b.style.display='none';
  eq(b.getBoundingClientRect().height,0,'none');
  eq(b.offsetParent,null,'op');
  b.style.display='';
  eq(b.offsetParent===document.body,true,'op2');
  b.style.width='50px';
  b.style.boxSizing='border-box';
  eq(b.offsetWidth,50,'ow');
  eq(b.checkVisibility(),true,'cv');
  eq(H.clientWidth,1280,'cw');
  eq(b.getClientRects().length,1,'gcr');
  const d=new DOMRect(1,2,3,4);
  eq([d.right,d.bottom],[4,6],'rect');
  eq(new DOMMatrix('translate(10px, 20px) scale(2)').toString(),'matrix(2, 0, 0, 2, 10, 20)','mat');
  eq(new DOMMatrix().translate(1,2).inverse().e,-1,'inv');
  eq(JSON.stringify(d),'{"x":1,"y":2,"width":3,"height":4,"top":2,"right":4,"bottom":6,"left":1}','json');
  eq(screen.width,1280,'screen');
});

t('rects', () => {
  const r=document.createRange();
  const d=mk('p',{},'hello');
  r.selectNodeContents(d);
  eq(r.getBoundingClientRect().width,40,'range w');
  r.setStart(d.firstChild,1);
  r.setEnd(d.firstChild,3);
  eq(r.getClientRects()[0].width,16,'range2');
  const ov=mk('div',{style:'pointer-events:none;width:10px'});
  const b=d.getBoundingClientRect();
  eq(Array.isArray(document.elementsFromPoint(5,5)),true,'efp');
  eq(document.elementFromPoint(-1,5),null,'neg');
  d.scrollTop=5;
  eq(d.scrollTop,0,'what does not scroll');
  d.style.cssText='overflow:auto;height:10px';
  d.scrollTop=5;
  eq([d.scrollTop,d.firstChild.nodeType],[5,3],'st');
  d.scrollTop=50;
  eq(d.scrollTop,8,'to its end');
  d.style.cssText='';
  window.scrollTo(0,30);
  eq(H.scrollTop,0,'nothing to scroll');
  mk('div',{style:'height:3000px'});
  window.scrollTo(0,30);
  eq(H.scrollTop,30,'H');
  eq(document.elementFromPoint(3,3)!==null,true,'x');
  window.scrollTo(0,0);
  eq(ov.offsetWidth,10,'ow');
});

t('inner', () => {
  const d=mk('div');
  d.appendChild(document.createTextNode('  a \n b '));
  const p=document.createElement('p');
  p.textContent='para';
  d.appendChild(p);
  const h=document.createElement('span');
  h.style.display='none';
  h.textContent='hidden';
  d.appendChild(h);
  d.appendChild(document.createTextNode('end'));
  eq(d.innerText,'a b\n\npara\n\nend','it');
  d.innerText='x\ny';
  eq(d.childNodes.length,3,'set');
  const pre=mk('pre',{},' a\n  b');
  eq(pre.innerText,' a\n  b','pre');
  const det=mk('details');
  const su=document.createElement('summary');
  su.textContent='S';
  det.appendChild(su);
  const q=document.createElement('p');
  q.textContent='Q';
  det.appendChild(q);
  eq(det.innerText,'S','details');
  eq(q.checkVisibility(),false,'details');
});

t('inner2', () => {
  const h=(x)=>{const d=mk('div'); for(const c of x) d.append(c); return d.innerText; };
  const E=(n,...k)=>{const e=document.createElement(n); for(const c of k) e.append(c); return e;};
  eq(h([E('table',E('tbody',E('tr',E('td','a'),E('td','b')),E('tr',E('td','c'),E('td','d'))))]),'a\tb\nc\td','table');
  eq(h([E('ul',E('li','x'),E('li','y'))]),'x\ny','ul');
  eq(h(['a',E('br'),'b']),'a\nb','br');
  eq(h([E('div',E('div','x')),'  y  ',E('b',' z ')]),'x\ny z','div');
  const u=E('span','abc');
  u.style.textTransform='uppercase';
  eq(h([u]),'ABC','upper');
  eq(h([E('script','x'),'y']),'y','script');
  const vis=E('span','v');
  vis.style.visibility='hidden';
  eq(h(['a',vis,'b']),'ab','vis');
  eq(document.createElement('div').innerText,'','disc');
  const o=mk('p',{},'old');
  o.outerText='new';
  eq(o.isConnected,false,'outer');
});

t('misc', () => {
  eq(CSSStyleSheet.name,'CSSStyleSheet','n');
  eq(Object.prototype.toString.call(document.styleSheets),'[object StyleSheetList]','ts');
  eq(document.styleSheets.item(99),null,'item');
  eq(String(new DOMPoint(1,2).matrixTransform({a:2,d:2}).x),'2','pt');
  eq(DOMRect.fromRect({width:5}).width,5,'fr');
  eq(window.visualViewport.width,1280,'vv');
  const s=css('a{}');
  s.media='print';
  eq(s.sheet.media.mediaText,'print','sm');
  s.textContent='b{} c{}';
  eq(s.sheet.cssRules.length,2,'re');
  eq(document.styleSheets[0].ownerNode.localName,'style','on');
  const m=matchMedia('(width:1280px)');
  m.onchange=()=>{};
  m.addListener(()=>{});
  eq(m.matches,true,'w');
  const i=mk('input',{type:'checkbox'});
  css('input:checked { opacity: 0.3 }');
  eq(getComputedStyle(i).opacity,'1','unch');
  i.checked=true;
  eq(getComputedStyle(i).opacity,'0.3','checked');
  eq(mk('noscript').checkVisibility(),false,'nos');
  eq('cssFloat' in B.style,true,'cf');
  eq(B.style instanceof CSSStyleDeclaration,true,'inst');
  B.style='color: red';
  eq(B.style.color,'red','putf');
  eq(window.getComputedStyle(B).getPropertyValue('margin'),'8px','bm');
  eq([...B.style].length,1,'iter');
});
t('check boxes and radio buttons have no border of their own', () => {
  for (const type of ['checkbox', 'radio']) {
    const box = mk('input', { type, style: 'width: 0; height: 0' });
    const { width, height } = box.getBoundingClientRect();
    const style = getComputedStyle(box);
    eq([width, height, style.borderTopWidth, style.borderTopStyle, style.paddingLeft, style.boxSizing], [0, 0, '0px', 'none', '0px', 'border-box'], type);
    box.remove();
  }
});
t('what has nothing in it has no height', () => {
  const size = (markup, style = '') => {
    const box = mk('div');
    box.innerHTML = `<style>${style}</style>` + markup;
    const { width, height } = box.lastChild.getBoundingClientRect();
    const out = [width, height];
    box.remove();
    return out;
  };
  eq(size('<div></div>'), [1264, 0], 'a block');
  eq(size('<span> </span>'), [0, 0], 'an inline element');
  eq(size('<div><p></p><div> <span></span></div></div>'), [1264, 0], 'what has such things in it');
  eq(size('<div style="width: 50px"></div>'), [50, 0], 'a block with a width');
  eq(size('<br>')[0], 0, 'a line break');
  eq(size('<div><i style="position: absolute; top: 3px; left: 3px; width: 5px; height: 5px"></i></div>'), [1264, 0], 'what is placed takes no room');
  for (const filled of [
    'text', '<p>text</p>', '&nbsp;', '<br>', '<img>', '<svg></svg>', '<span style="padding: 1px"></span>', '<p style="height: 5px"></p>', '<p style="min-height: 5px"></p>', '<p class=before></p>',
    '<p contenteditable></p>', '<li></li>', '<table><td></td></table>',
  ]) eq(size(`<div>${filled}</div>`, '.before::before { content: "x" }')[1] > 0, true, filled);
  eq(size('<div style="display: flex"><p></p><p>text</p></div>', '')[1] > 0, true, 'a flex container');
  const box = mk('div');
  box.innerHTML = '<div style="display: flex"><div></div>text</div><div></div><p>after</p>';
  eq(box.firstChild.firstChild.getBoundingClientRect().height > 0, true, 'an item may be stretched');
  eq(box.lastChild.getBoundingClientRect().top, box.children[1].getBoundingClientRect().top, 'it takes no room');
  const host = mk('div');
  const root = host.attachShadow({ mode: 'open' });
  root.innerHTML = '<b><slot></slot></b>';
  eq(host.getBoundingClientRect().height, 0, 'an empty slot');
  host.textContent = 'text';
  eq(host.getBoundingClientRect().height > 0, true, 'a slot with text');
  host.remove();
  box.remove();
});

t('heights that scripts measure', () => {
  const area = mk('textarea', { style: 'height:0;padding:0;border:0' });
  const single = area.scrollHeight;
  area.value = 'a\nb\nc';
  eq([single > 0, area.scrollHeight], [true, 3 * single], 'a textarea is as high as its lines');
  area.remove();
  const closed = mk('div', { style: 'height:0;overflow:hidden' }, 'text');
  eq([closed.clientHeight, closed.scrollHeight > 0], [0, true], 'text in a box that was closed');
  closed.remove();
});

t('quads, and copies of what geometry has', () => {
  const quad = DOMQuad.fromRect({ x: 1, y: 2, width: 3, height: 4 });
  eq([quad.p3.x, quad.p3.y], [4, 6], 'a corner');
  eq(new DOMQuad({ x: 5 }, { x: -1, y: 7 }).getBounds().toJSON(), { x: -1, y: 0, width: 6, height: 7, top: 0, right: 5, bottom: 7, left: -1 }, 'bounds');
  for (const made of [quad, new DOMRect(1, 2, 3, 4), new DOMRectReadOnly(1, 2, 3, 4), new DOMPoint(1, 2), new DOMMatrix('scale(2)')]) {
    const copy = structuredClone(made);
    eq([copy.constructor.name, JSON.stringify(copy), copy === made], [made.constructor.name, JSON.stringify(made), false], made.constructor.name);
  }
});

t('widths of nested tables', () => {
  const outer = mk('div', { style: 'width: 300px' });
  outer.innerHTML = '<table style="width: 10px"><tr><td><table style="width: 20px"><tr><td>ten letters</td></tr></table></td></tr></table>';
  eq([...outer.querySelectorAll('table')].map((table) => table.offsetWidth), [68, 62], 'room for the longest word');
  outer.remove();
});

// https://drafts.csswg.org/cssom-view/#scrolling-events
t('scroll and scrollend, once each', async () => {
  const box=mk('div',{style:'height:50px;overflow:auto'});
  box.append(mk('div',{style:'height:3000px'}));
  const far=mk('div',{style:'height:9000px'});
  await new Promise(done=>setTimeout(done));
  const seen=[];
  const note=e=>seen.push(e.type+' '+(e.target===document?'document':e.target.localName)+' '+e.bubbles);
  for(const type of ['scroll','scrollend'])for(const target of [box,document])target.addEventListener(type,note);
  const ended=new Promise(done=>document.addEventListener('scrollend',done,{once:true}));
  box.scrollTop=10;
  box.scrollTop=20;
  scrollTo(0,100);
  scrollTo(0,200);
  await ended;
  await new Promise(done=>setTimeout(done));
  for(const type of ['scroll','scrollend'])for(const target of [box,document])target.removeEventListener(type,note);
  scrollTo(0,0);
  box.remove();
  far.remove();
  eq(seen,['scroll div false','scroll document true','scrollend div false','scrollend document true'],'events');
});

t('font sizes of what is nested deeply', () => {
  for (const [tag, style, expected] of [['p', 'font-family:x', '16px'], ['code', '', '13px'], ['b', 'font-size:1em', '16px']]) {
    const outer = mk('div');
    let el = outer;
    for (let i = 0; i < 3000; i++) {
      const inner = document.createElement(tag);
      inner.style.cssText = style;
      el = el.appendChild(inner);
    }
    eq(getComputedStyle(el).fontSize, expected, tag);
    outer.remove();
  }
});

t('words that are cut', () => {
  const d = mk('div', { style: 'width:80px;overflow-wrap:anywhere' }, 'x'.repeat(25));
  eq(d.offsetHeight, 54, '25 characters, 10 in a line');
  d.style.textIndent = '-40px';
  eq(d.offsetHeight, 36, '15 and 10');
  d.style.cssText = 'width:4px;overflow-wrap:anywhere';
  eq(d.offsetHeight, 18, 'not where a character has no room');
  d.style.cssText = 'width:800px;overflow-wrap:anywhere';
  d.textContent = 'x'.repeat(100000);
  eq(d.offsetHeight, 18000, 'a long one');
  d.remove();
});

t('places in a long line', () => {
  const d = mk('pre', { style: 'position:fixed;left:0;top:0;margin:0' }, 'ab  c\t'.repeat(2000));
  const r = d.getBoundingClientRect();
  const range = document.createRange();
  for (const offset of [0, 1, 3, 4, 57]) {
    range.setStart(d.firstChild, offset);
    range.setEnd(d.firstChild, offset + 1);
    const c = range.getBoundingClientRect();
    const place = document.caretPositionFromPoint(c.x + c.width / 4, r.y + 3);
    eq(place.offset, offset, 'at ' + offset);
  }
  d.remove();
});

t('what is absolutely positioned between two sides of a box that grows', () => {
  const d = mk('div', { style: 'position:absolute;left:0;top:0;width:300px' });
  d.innerHTML = '<div id=out style="position:absolute;top:10px;bottom:20px;left:0;width:100px"><div id=half style="height:50%"><i>x</i></div><div id=in style="position:absolute;inset:0"><b id=full style="display:block;height:100%"></b></div></div>'
    + '<div style="height:200px"></div><p id=after style="margin:0;height:30px"></p>';
  const at = (id) => {
    const r = d.querySelector('#' + id).getBoundingClientRect();
    return [r.x, r.y, r.width, r.height].join(',');
  };
  eq(at('out'), '0,10,100,200', 'as high as its box, less 10 and 20');
  eq(at('half'), '0,10,100,100', 'half of it');
  eq(at('in'), '0,10,100,200', 'in it');
  eq(at('full'), '0,10,100,200', 'all of it');
  eq(at('after'), '0,200,300,30', 'behind');
  d.lastChild.style.height = '130px';
  eq(at('out') + ' ' + at('half'), '0,10,100,300 0,10,100,150', 'when it grows');
  d.remove();
});

t('absolutely positioned boxes in each other', () => {
  let markup = '<em style="display:block;height:100%">x</em>';
  for (let i = 0; i < 12; i++) markup = '<div style="position:absolute;top:1px;bottom:1px;width:100%">' + markup + '</div>';
  const d = mk('div', { style: 'position:relative;width:300px' });
  d.innerHTML = markup + '<div style="height:200px"></div>';
  eq(d.firstChild.offsetHeight, 198, 'the outer one');
  eq(d.firstChild.firstChild.offsetHeight, 196, 'the one in it');
  d.remove();
});
