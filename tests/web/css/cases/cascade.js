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
