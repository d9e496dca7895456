// https://dom.spec.whatwg.org/: something of each part of the DOM and of forms, under the eyes of watch.js.
// Option bags have no prototype: what WebIDL asks of a page's object is the page's to see.
globalThis.driven = (async () => {
  const errors = [];
  const bare = (object) => Object.setPrototypeOf(object, null);
  const step = async (name, run) => {
    try {
      await run();
    } catch (error) {
      errors[errors.length] = name + ': ' + error.message + error.stack;
    }
  };
  const wait = (target, type) => new Promise((done) => { target.addEventListener(type, done, bare({ once: true })); });
  await step('dom', async () => {
    const d = document.createElement('div');
    document.body.appendChild(d);
    d.innerHTML = '<p id=a class="x y" data-z=1>one<b>two</b></p><ul><li>1<li>2</ul><form name=f><input name=i value=1><select name=s><option>1<option selected>2</select><textarea name=t>a</textarea><button>b</button></form><svg viewBox="0 0 1 1"><rect x=1 /></svg><template><i>t</i></template><table><tr><td>1</table>';
    const c = d.cloneNode(true);
    d.append(c, 'text', document.createComment('c'));
    d.prepend('x'); d.before('y'); d.after('z'); 
    d.querySelectorAll('p.x > b, li:nth-child(2n+1 of li), :is(p, a):not(.q):has(b), [data-z="1" i], input:checked, :scope > p::before').forEach((n) => n.textContent);
    d.getElementsByTagName('p').length; d.getElementsByClassName('x')[0]; document.getElementsByName('f')[0]; d.children[0]; d.childNodes.length;
    d.normalize(); d.compareDocumentPosition(c); d.isEqualNode(c); d.contains(c);
    const p = d.querySelector('p');
    p.classList.add('k', 'l'); p.classList.toggle('k'); p.classList.replace('l', 'm'); p.className; p.dataset.foo = 'bar'; delete p.dataset.foo;
    p.dataset.z;
    p.setAttribute('title', 't'); p.getAttributeNames(); p.attributes[0].value; p.attributes.getNamedItem('title'); p.toggleAttribute('hidden');
    p.id = 'b'; p.removeAttribute('id');
    p.insertAdjacentHTML('beforeend', '<u>x</u>'); p.insertAdjacentText('afterbegin', 'y'); p.outerHTML; p.innerText; p.innerText = 'a\nb';
    p.outerText; p.textContent = 'q';
    p.closest('div'); p.matches('p'); p.getBoundingClientRect().width; p.getClientRects().length; p.scrollIntoView(); p.offsetParent; p.offsetTop;
    p.clientWidth;
    p.focus(); p.click(); p.blur();
    document.adoptNode(c); document.importNode(c, true); p.replaceChildren('a', document.createElement('i'));
    p.replaceWith(document.createElement('em'));
    const r = document.createRange(); r.setStart(d, 0); r.setEnd(d, 2); r.cloneContents(); r.extractContents(); r.toString(); r.deleteContents();
    r.insertNode(document.createTextNode('x')); r.getBoundingClientRect(); r.createContextualFragment('<p>x');
    const s = getSelection(); s.removeAllRanges(); s.addRange(r); s.toString(); s.collapse(d, 0); s.extend(d, 1);
    s.modify('extend', 'forward', 'character');
    const w = document.createTreeWalker(d, NodeFilter.SHOW_ALL, (n) => 1); while (w.nextNode());
    const it = document.createNodeIterator(d); while (it.nextNode());
    document.evaluate('//p[position()=1]/@class | //b[contains(., "t")]', document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null).snapshotLength;
    new XMLSerializer().serializeToString(d); new DOMParser().parseFromString('<a><b/></a>', 'text/xml').documentElement;
    new DOMParser().parseFromString('<p>', 'text/html').body;
    const frag = document.createDocumentFragment(); frag.append('a', 'b'); frag.getElementById('x');
    document.implementation.createHTMLDocument('x'); document.implementation.createDocument(null, 'a', null);
    document.title = 'y'; document.cookie = 'a=b'; document.cookie; document.write('<i>w</i>'); document.forms.length; document.images;
    document.links; document.scripts; document.all.length; document.elementFromPoint(1, 1); document.activeElement;
    document.createEvent('Event').initEvent('x', true, true);
    d.attachShadow(bare({ mode: 'open' })).innerHTML = '<slot></slot><p part=x>s'; d.shadowRoot.querySelector('slot').assignedNodes();
    d.getHTML(bare({ serializableShadowRoots: true })); d.setHTMLUnsafe && d.setHTMLUnsafe('<p>');
  });
  await step('events', async () => {
    const t = new EventTarget();
    const ac = new AbortController();
    t.addEventListener('x', (e) => { e.composedPath(); e.preventDefault(); e.timeStamp; }, bare({ signal: ac.signal, passive: false }));
    t.dispatchEvent(new Event('x', bare({ bubbles: true, cancelable: true }))); t.dispatchEvent(new CustomEvent('x', bare({ detail: 1 })));
    document.body.dispatchEvent(new MouseEvent('click', bare({ bubbles: true, clientX: 1, view: window })));
    document.body.dispatchEvent(new KeyboardEvent('keydown', bare({ key: 'a' }))); new PointerEvent('x'); new WheelEvent('x'); new InputEvent('x');
    new FocusEvent('x');
    ac.abort(); AbortSignal.timeout(1); AbortSignal.any([ac.signal]); AbortSignal.abort();
    window.onerror = () => true; document.body.onclick = () => {}; document.body.setAttribute('onclick', 'this.x = 1'); document.body.click();
    reportError(new Error('x'));
    try { document.body.appendChild(document); } catch (e) { e.name; e.code; e.message; e.stack; }
    document.body.addEventListener('q', bare({ handleEvent() {} })); document.body.dispatchEvent(new Event('q'));
  });
  await step('observers', async () => {
    const m = new MutationObserver((records) => { records[0].addedNodes.length; });
    m.observe(document.body, bare({ childList: true, subtree: true, attributes: true, attributeOldValue: true, characterData: true }));
    document.body.append(document.createElement('q')); document.body.title = 'x'; await null; m.takeRecords(); m.disconnect();
    await new Promise((done) => { new IntersectionObserver((l, io) => { io.disconnect(); done(); }).observe(document.body); });
    await new Promise((done) => { new ResizeObserver((l, ro) => { ro.disconnect(); done(); }).observe(document.body); });
    let told; const marked = new Promise((done) => { told = done; });
    const po = new PerformanceObserver((l) => { l.getEntries(); told(); }); po.observe(bare({ type: 'mark', buffered: true })); performance.mark('a');
    performance.mark('b', bare({ detail: 1 })); performance.measure('c', 'a', 'b'); performance.getEntries(); performance.getEntriesByType('mark');
    performance.toJSON(); performance.timing.toJSON(); await marked;
  });
  await step('custom', async () => {
    class X extends HTMLElement { static observedAttributes = ['a']; static formAssociated = true; static disabledFeatures = []; constructor() { super(); this.i = this.attachInternals(); this.i.setFormValue('x'); this.i.setValidity(bare({ customError: true }), 'm'); this.i.states.add('s'); } connectedCallback() {} disconnectedCallback() {} connectedMoveCallback() {} attributeChangedCallback() {} adoptedCallback() {} }
    customElements.define('x-x', X); const x = document.createElement('x-x'); document.body.append(x); x.setAttribute('a', '1'); x.remove();
    document.body.insertAdjacentHTML('beforeend', '<x-x a=2></x-x>'); customElements.get('x-x'); customElements.whenDefined('x-x');
    await customElements.whenDefined('x-x'); customElements.upgrade(document.body); new X();
  });
  await step('forms', async () => {
    document.body.insertAdjacentHTML('beforeend', '<form id=ff><input name=qqa required pattern="[a-z]+" value=x><input type=checkbox name=c checked><input type=radio name=qqr value=1><input type=date value=2020-01-01><input type=number value=3 step=2><input type=file name=u><input type=range><input type=color><input type=email value=a@b multiple><select multiple name=qqm><option selected>1<option selected>2</select><output name=o></output><fieldset><legend>l</legend></fieldset><meter value=.5></meter><progress></progress><datalist></datalist><label>l<input></label><button name=sub value=1>go</button></form>');
    const f = document.getElementById('ff'); f.checkValidity(); f.reportValidity(); f.elements.length; f.elements.qqa.value = 'b'; f.qqa; f.qqr;
    const fd = new FormData(f); fd.append('x', new Blob(['a']), 'n'); fd.get('x'); fd.getAll('m'); fd.has('z'); fd.set('z', '1'); fd.delete('z');
    const e = fd.entries(); while (!e.next().done); fd.forEach(() => {});
    f.elements[3].valueAsDate; f.elements[4].stepUp(); f.elements[4].valueAsNumber; f.elements.qqa.setSelectionRange(0, 1);
    f.elements.qqa.setRangeText('q'); f.elements.qqa.select(); f.elements.qqa.validity.valid; f.elements.qqa.setCustomValidity('x');
    f.elements.qqm.selectedOptions.length; f.elements.qqm.options[0].selected = false; f.elements.qqm.options.add(new Option('3'));
    f.elements.qqm.add(new Option('x', 'y', true, true)); f.reset(); f.addEventListener('submit', (e) => e.preventDefault()); f.requestSubmit();
    f.elements.qqa.labels; f.elements.qqa.value = ''; f.querySelector('button').click();
    document.createElement('dialog').open; const dl = document.createElement('dialog'); document.body.append(dl); dl.showModal(); dl.close('x');
    const det = document.createElement('details'); document.body.append(det); det.open = true; const pop = document.createElement('div');
    pop.popover = 'auto'; document.body.append(pop); pop.showPopover(); pop.hidePopover(); await wait(pop, 'toggle');
    const tb = document.createElement('table'); tb.insertRow().insertCell(); tb.createTHead(); tb.rows.length; tb.deleteRow(0);
    const a = document.createElement('a'); a.href = '/x?y#z'; a.host; a.search = 'q'; a.relList.add('noopener'); new Image(1, 2).src = '/i.png';
    new Audio().play().catch(() => {});
    document.execCommand && document.execCommand('copy');
  });
  return errors.join('\n');
})();
