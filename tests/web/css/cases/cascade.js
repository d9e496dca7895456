// https://drafts.csswg.org/css-cascade-5/

t('sorigin', () => {
  css('#id .x { color: red } .y .x { color: blue } .x { color: green }');
  const d=mk('div',{id:'id',class:'y'});
  const x=document.createElement('u');
  x.className='x';
  d.appendChild(x);
  eq(getComputedStyle(x).color,'rgb(255, 0, 0)','spec');
  x.style.color='pink';
  eq(getComputedStyle(x).color,'rgb(255, 192, 203)','inline wins');
  eq(getComputedStyle(x).textDecorationLine,'underline','ua');
  x.style.all='initial';
  eq(getComputedStyle(x).textDecorationLine,'none','all');
  eq(x.style.all,'initial','all get');
});

t('revert', () => {
  css('.rv { display: flex } @layer q { .rl { color: red } } .rl { color: revert-layer } .un { color: unset; display: unset } .rv2 { display: revert }');
  eq(getComputedStyle(mk('div',{class:'rv rv2'})).display,'block','revert');
  eq(getComputedStyle(mk('div',{class:'rl'})).color,'rgb(255, 0, 0)','rl');
  eq(getComputedStyle(mk('div',{class:'un'})).display,'inline','unset');
});

t('vars', () => {
  css(':root { --c: red; --cyc1: var(--cyc2); --cyc2: var(--cyc1); --sp: 1px 2px } .vv { color: var(--c); border: 1px solid var(--c); background: var(--nope); width: var(--cyc1, 3px); margin: var(--sp) } ');
  const d=mk('div',{class:'vv'});
  const g=getComputedStyle(d);
  eq(g.color,'rgb(255, 0, 0)','vc');
  eq(g.borderTopColor,'rgb(255, 0, 0)','vb');
  eq(g.backgroundColor,'rgba(0, 0, 0, 0)','vbg');
  eq(g.width,'3px','cyc');
  eq(g.marginRight,'2px','vm');
  d.style.setProperty('--c','blue');
  eq(g.color,'rgb(0, 0, 255)','live');
  const k=document.createElement('b');
  d.appendChild(k);
  eq(getComputedStyle(k).getPropertyValue('--c'),'blue','inh');
  d.style.border='2px solid var(--c)';
  eq(d.style.border,'2px solid var(--c)','vs');
  eq(d.style.borderTopWidth,'','vs l');
  eq(d.getAttribute('style'),'--c: blue; border: 2px solid var(--c);','vs attr');
});

t('used', () => {
  const d=mk('div',{style:'width:100px;height:50px;padding:10px;border:1px solid'});
  const g=getComputedStyle(d);
  eq([g.width,g.height,d.offsetWidth,d.clientWidth,d.offsetHeight],['100px','50px',122,120,72],'box');
  d.style.boxSizing='border-box';
  eq([g.width,d.offsetWidth],['100px',100],'bb');
  eq(g.cssText,'','ct');
  try{ g.color='red'; out.push('ro'); }catch(e){ eq(e.name,'NoModificationAllowedError','ro'); } eq(getComputedStyle(d,'::before').content,'normal','before');
  css('.bf::before { content: "hi"; color: red }');
  d.className='bf';
  eq(getComputedStyle(d,'::before').content,'"hi"','before2');
  eq(getComputedStyle(d,':before').color,'rgb(255, 0, 0)','b3');
  eq(getComputedStyle(d,'::nope').color,'','nope');
  const un=document.createElement('p');
  eq(getComputedStyle(un).display,'','disc');
});

t('var() is looked at when it is parsed', () => {
  const { style } = mk('div');
  for (const wrong of ['var()', 'var(prop)', 'var(--)', 'var(--x 1px)', 'var(--x())', 'var(--x, var(prop))', 'env()', 'calc(1px + var(1px))']) {
    style.width = wrong;
    eq(style.width, '', wrong);
    style.setProperty('--y', wrong);
    eq(style.getPropertyValue('--y'), '', wrong + ' in a custom property');
    style.margin = wrong;
    eq(style.margin, '', wrong + ' in a shorthand');
  }
  for (const right of ['var(--x)', 'var(--x,)', 'var(--x, 1px)', 'env(safe-area-inset-top, 1px)']) {
    style.width = right;
    eq(style.width, right, right);
  }
});

t('tokens that var() brings together stay apart', () => {
  const d = mk('div', { style: '--n: 5; --w: foo; --a: 1px; --b: 2px; --g: <!-- x -->; width: 10px; padding: var(--a)var(--b)' });
  const g = getComputedStyle(d);
  const of = (text) => {
    d.style.setProperty('--r', text);
    return g.getPropertyValue('--r');
  };
  eq(g.padding, '1px 2px', 'lengths');
  d.style.width = 'var(--n)px';
  eq(g.paddingLeft, '2px', 'other properties');
  eq(d.style.width, 'var(--n)px', 'kept');
  eq(of('var(--w)var(--w)'), 'foo/**/foo', 'names');
  eq(of('var(--n)px'), '5/**/px', 'number and name');
  eq(of('var(--w)(1)'), 'foo/**/(1)', 'name and parenthesis');
  eq(of('var(--w) var(--w)'), 'foo foo', 'space');
  eq(of('[var(--w)]var(--n)'), '[foo]5', 'brackets');
  eq(of('var(--g)'), '<!-- x -->', 'comments of old');
});

t('keywords in fallbacks, and cycles through them', () => {
  css('.kf { --k: red; color: var(--k) } .kf .in { --k: var(--none, initial); --q: var(--none, inherit); --r: var(--none, revert-layer); background-color: var(--k, blue) } .kf { --q: 1; --r: 2 }');
  const d = mk('div', { class: 'kf' });
  d.innerHTML = '<p class=in></p>';
  const g = getComputedStyle(d.firstChild);
  eq([g.getPropertyValue('--k'), g.backgroundColor, g.getPropertyValue('--q'), g.getPropertyValue('--r')], ['', 'rgb(0, 0, 255)', '1', '2'], 'keywords');
  css('.cy { --y: ok; --a: var(--y, var(--b)); --b: var(--y, var(--a)); --x: var(--a, fine) }');
  const c = getComputedStyle(mk('div', { class: 'cy' }));
  eq([c.getPropertyValue('--a'), c.getPropertyValue('--b'), c.getPropertyValue('--x')], ['', '', 'fine'], 'cycles');
});

t('math', () => {
  const d = mk('div', { style: 'font-size: 10px' });
  const g = getComputedStyle(d);
  for (const [text, want] of [['calc(1px * exp(0))', '1px'], ['calc(1px * log(8, 2))', '3px'], ['calc(1px * pow(2, 3))', '8px'], ['calc(1em + 2px)', '12px'], ['calc(1px * sin(30deg))', '0.5px'],
    ['calc(2px * tan(atan2(1, 2)))', '1px'], ['round(up, 11px, 5px)', '15px'], ['calc(1px * sign(-3em))', '-1px'], ['max(1em, 3px)', '10px'], ['clamp(1em, 3px, 2em)', '10px'], ['min(2em, 10%)', 'min(20px, 10%)']]) {
    d.style.textIndent = text;
    eq(g.textIndent, want, text);
  }
});

t('display', () => {
  const { style } = mk('div');
  const of = (text) => {
    style.display = '';
    style.display = text;
    return style.display;
  };
  for (const [text, want] of [['flow', 'block'], ['flow block', 'block'], ['flow-root inline', 'inline-block'], ['flex inline', 'inline-flex'], ['ruby block', 'block ruby'], ['inline ruby', 'ruby'],
    ['list-item flow-root block', 'flow-root list-item'], ['flow list-item inline', 'inline list-item'], ['run-in table', 'run-in table'], ['block block', ''], ['flex list-item', ''], ['contents list-item', ''],
    ['table-row flow', ''], ['grid inline-grid', '']]) eq(of(text), want, text);
});
