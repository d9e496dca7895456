// https://html.spec.whatwg.org/: something of each part of the platform around the DOM, under the eyes of watch.js.
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
  await step('cssom', async () => {
    const st = document.createElement('style');
    st.textContent = '@import "/s.css"; @layer a { p { color: red; --x: 1px } } @media (min-width: 1px) and (hover) { p:hover { margin: 1px 2px calc(1px + var(--x)) } } @supports (display: grid) { a { b: c } } @container (width > 1px) { x { y: z } } @keyframes k { from { top: 0 } } @font-face { font-family: x } .a { & .b { color: blue } } @property --q { syntax: "<length>"; inherits: false; initial-value: 1px }';
    document.head.append(st); st.sheet.cssRules.length; for (let i = 0; i < st.sheet.cssRules.length; i++) st.sheet.cssRules[i].cssText;
    st.sheet.insertRule('p { top: 1px }', 1); st.sheet.deleteRule(1); st.sheet.cssRules[3].cssText;
    document.body.style.color = 'red'; document.body.style.setProperty('--a', '1');
    document.body.style.cssText = 'margin: 1px; border: 1px solid red'; document.body.style.length; document.body.style[0];
    document.body.style.getPropertyValue('margin-top'); document.body.style.removeProperty('margin');
    const cs = getComputedStyle(document.body); cs.color; cs.display; cs.getPropertyValue('--a'); cs.width; cs.length; cs.font; cs.transform;
    const sh = new CSSStyleSheet(bare({ media: 'print' })); sh.replaceSync('a { b: c }'); await sh.replace('p { color: red }');
    document.adoptedStyleSheets = [sh]; document.adoptedStyleSheets.push(sh); document.styleSheets.length;
    matchMedia('(min-width: 1px)').matches; CSS.supports('color', 'red'); CSS.supports('selector(a)'); CSS.escape('a b'); document.fonts.ready;
    document.fonts.size; document.body.animate([bare({ top: 0 }), bare({ top: '1px' })], 10).finished; document.getAnimations && document.getAnimations();
    const m = new DOMMatrix('translate(1px)'); m.multiply(m); new DOMRect(1, 2, 3, 4).toJSON(); new DOMPoint(1);
    const cv = document.createElement('canvas'); const cx = cv.getContext('2d');
    if (cx) { cx.fillStyle = 'red'; cx.fillRect(0, 0, 1, 1); cx.measureText('x').width; cx.save(); cx.restore(); cx.getImageData(0, 0, 1, 1); cx.createLinearGradient(0, 0, 1, 1).addColorStop(0, 'red'); } cv.toDataURL();
    cv.toBlob(() => {});
  });
  await step('fetch', async () => {
    const r = await fetch('/d.json', bare({ method: 'POST', headers: bare({ 'X-A': 'b' }), body: 'x', signal: new AbortController().signal }));
    r.headers.get('content-type'); const cl = r.clone(); await r.json(); await cl.text();
    (await fetch(new Request('/d.json', bare({ headers: [['a', 'b']] })))).body.getReader().read();
    const r3 = await fetch('/d.json'); const reader = r3.body.getReader(); while (!(await reader.read()).done);
    const r4 = await fetch('/d.json'); await r4.blob(); const r5 = await fetch('/d.json'); await r5.arrayBuffer();
    try { await fetch('/nope'); } catch {}
    const h = new Headers([['a', 'b']]); h.append('c', 'd'); h.forEach(() => {}); const e = h.entries(); while (!e.next().done);
    new Response('x', bare({ status: 201, headers: h })); Response.json(bare({ a: 1 })); await new Response(new Blob(['a'])).formData().catch(() => {});
    const fd = new FormData(); fd.append('a', 'b'); await (await new Response(fd)).formData();
    await new Response('a=b', bare({ headers: bare({ 'content-type': 'application/x-www-form-urlencoded' }) })).formData();
    new Response(new URLSearchParams('a=b'));
    const ac = new AbortController(); const pending = fetch('/d.json', bare({ signal: ac.signal })).catch(() => {}); ac.abort(); await pending;
  });
  await step('xhr', async () => {
    const x = new XMLHttpRequest(); x.open('POST', '/d.json'); x.setRequestHeader('a', 'b'); x.responseType = 'json'; x.upload.onprogress = () => {};
    x.onreadystatechange = () => {}; x.onprogress = () => {}; x.send('x'); await wait(x, 'loadend'); x.response; x.getAllResponseHeaders();
    x.getResponseHeader('a');
    const y = new XMLHttpRequest(); y.open('GET', '/d.json', false); y.send(); y.responseText; const z = new XMLHttpRequest();
    z.open('GET', '/s.css'); z.send(); z.abort(); const q = new XMLHttpRequest(); q.open('GET', '/f.html'); q.responseType = 'document'; q.send();
    await wait(q, 'loadend'); q.responseXML;
  });
  await step('streams', async () => {
    const rs = new ReadableStream(bare({ start(c) { c.enqueue('a'); c.enqueue('b'); c.close(); } })); const [a, b] = rs.tee();
    for await (const x of a) {} await b.pipeThrough(new TransformStream(bare({ transform(c, k) { k.enqueue(c); } }))).pipeTo(new WritableStream(bare({ write() {}, close() {} })));
    const bs = new ReadableStream(bare({ type: 'bytes', pull(c) { c.enqueue(new Uint8Array(3)); c.close(); } }));
    const r = bs.getReader(bare({ mode: 'byob' })); await r.read(new Uint8Array(8));
    await new Response(new Blob(['x']).stream().pipeThrough(new TextDecoderStream()).pipeThrough(new TextEncoderStream())).text();
    ReadableStream.from([1, 2]).getReader().read();
    const w = new WritableStream().getWriter(); w.write('x'); await w.ready; await w.close();
    const rr = new ReadableStream(bare({ start(c) { c.error(new Error('e')); } })).getReader(); rr.read().catch(() => {}); rr.closed.catch(() => {});
    new TextEncoder().encode('x'); new TextDecoder('windows-1252').decode(new Uint8Array(3));
    new TextDecoder('shift_jis').decode(new Uint8Array([0x82, 0xa0])); new CountQueuingStrategy(bare({ highWaterMark: 1 })).size;
  });
  await step('idb', async () => {
    const done = (r) => new Promise((ok, no) => { r.onsuccess = () => ok(r.result); r.onerror = () => no(r.error); });
    const o = indexedDB.open('d', 1);
    o.onupgradeneeded = () => { const s = o.result.createObjectStore('s', bare({ keyPath: 'k' })); s.createIndex('i', 'v'); }; const db = await done(o);
    const t = db.transaction('s', 'readwrite'); const s = t.objectStore('s'); await done(s.put({ k: 1, v: [1, 2, new Date()] }));
    await done(s.add({ k: 2, v: 'x' })); await done(s.getAll()); await done(s.index('i').get('x')); await done(s.count());
    const cur = await done(s.openCursor(IDBKeyRange.lowerBound(0))); cur.value; cur.update({ k: 1, v: 3 }); cur.continue(); await done(s.delete(1));
    t.abort(); await wait(t, 'abort'); db.close(); await indexedDB.databases(); await done(indexedDB.deleteDatabase('d'));
  });
  await step('storage', async () => {
    localStorage.setItem('zza', 'b'); localStorage.zza; localStorage.zzc = 'd'; delete localStorage.zzc; localStorage.length; localStorage.key(0);
    Object.keys(localStorage); localStorage.clear(); sessionStorage.zzx = 1;
    const c = await caches.open('x'); await c.put('/q', new Response('x')); await (await c.match('/q')).text(); await c.keys(); await c.delete('/q');
    await caches.keys(); await caches.has('x'); await c.add('/s.css'); await caches.delete('x');
    await cookieStore.set('a', 'b'); await cookieStore.get('a'); await cookieStore.getAll(); await cookieStore.delete('a');
    await navigator.storage.estimate(); await navigator.locks.request('l', () => {}); await navigator.locks.query();
    await navigator.permissions.query(bare({ name: 'geolocation' })); navigator.geolocation.getCurrentPosition(() => {}, () => {});
    navigator.userAgentData && await navigator.userAgentData.getHighEntropyValues(['platform']); navigator.sendBeacon('/d.json', 'x');
    navigator.clipboard && await navigator.clipboard.writeText('x').catch(() => {}); navigator.plugins.length; navigator.languages;
    await crypto.subtle.digest('SHA-256', new Uint8Array(3));
    const k = await crypto.subtle.generateKey(bare({ name: 'AES-GCM', length: 128 }), true, ['encrypt', 'decrypt']);
    await crypto.subtle.encrypt(bare({ name: 'AES-GCM', iv: new Uint8Array(12) }), k, new Uint8Array(3)); await crypto.subtle.exportKey('jwk', k);
    const hk = await crypto.subtle.importKey('raw', new Uint8Array(16), bare({ name: 'HMAC', hash: 'SHA-256' }), true, ['sign', 'verify']);
    await crypto.subtle.sign('HMAC', hk, new Uint8Array(1)); k.algorithm; k.usages; crypto.randomUUID(); crypto.getRandomValues(new Uint8Array(3));
    const kp = await crypto.subtle.generateKey(bare({ name: 'ECDSA', namedCurve: 'P-256' }), true, ['sign', 'verify']); kp.publicKey;
  });
  await step('messaging', async () => {
    const mc = new MessageChannel(); mc.port2.onmessage = () => {};
    mc.port1.postMessage({ a: [1, new Map([[1, 2]]), new Set([1]), new Date(), /x/g, new Error('x'), new Uint8Array(3), new Blob(['x']), 1n] });
    await wait(mc.port2, 'message'); structuredClone({ a: 1 }); structuredClone(new Uint8Array(3).buffer, bare({ transfer: [] }));
    const ab = new ArrayBuffer(3); structuredClone(ab, bare({ transfer: [ab] }));
    try { structuredClone(() => {}); } catch {}
    const bc = new BroadcastChannel('x'), bd = new BroadcastChannel('x'); bc.postMessage({ x: [1] }); await wait(bd, 'message'); bc.close();
    bd.close(); window.postMessage({ q: 1 }, '*'); await wait(window, 'message');
    const w = new Worker('/w.js'); w.postMessage({ a: [1, { b: 2 }] }); const e = await wait(w, 'message'); e.data.a; e.ports.length;
    w.postMessage(1, [mc.port1]); await wait(w, 'message'); w.terminate();
    const fr = document.createElement('iframe'); fr.src = '/f.html'; const m = wait(window, 'message'); const loaded = wait(fr, 'load');
    document.body.append(fr); await m; await loaded; fr.contentDocument.body.innerHTML; fr.contentWindow.document.createElement('p');
    fr.contentWindow.eval && fr.contentWindow.eval('1'); fr.remove(); const f2 = document.createElement('iframe');
    f2.srcdoc = '<p>x<script>var q = 1; parent.foo = q;</' + 'script>'; document.body.append(f2); await wait(f2, 'load'); f2.contentWindow.q;
    f2.contentWindow.location.href; frames.length; frames[0]; f2.contentWindow.Array; new f2.contentWindow.Event('x');
    const xo = document.createElement('iframe'); xo.src = 'https://b.test/'; document.body.append(xo); await wait(xo, 'load');
    xo.contentWindow.postMessage('x', '*'); try { xo.contentWindow.document; } catch {} xo.contentWindow.closed;
  });
  await step('history', async () => {
    history.pushState({ a: [1] }, '', '#x'); history.replaceState({ b: 1 }, ''); history.state; history.length; location.hash = 'y';
    await wait(window, 'hashchange');
    history.back(); await wait(window, 'popstate'); location.href;
    new URL('/a?b=c#d', 'https://x.test').searchParams.append('q', '1'); const u = new URLSearchParams('a=1&b=2'); u.sort(); u.forEach(() => {});
    const it = u.keys(); while (!it.next().done); new URLPattern(bare({ pathname: '/:a' })).exec('https://a.test/b');
    URL.createObjectURL(new Blob(['x'])); URL.canParse('x:y');
    const s = document.createElement('script'); s.type = 'module';
    s.textContent = 'import { x } from "/m.js"; globalThis.mx = x; const y = await import("/m.js"); dispatchEvent(new Event("imported"));';
    document.body.append(s); await wait(window, 'imported');
    const sc = document.createElement('script'); sc.src = '/m.js'; document.body.append(sc);
    await new Promise((d) => { sc.onload = sc.onerror = d; });
    const fr = new FileReader(); fr.readAsText(new Blob(['x'])); await wait(fr, 'loadend');
    fr.readAsDataURL(new File(['x'], 'n', bare({ type: 'a/b' }))); await wait(fr, 'loadend'); await new Blob(['x']).text();
    await new Blob(['x']).slice(0, 1).arrayBuffer();
    await new Promise((done) => { setTimeout(done, 1); }); const iv = setInterval(() => {}, 1); clearInterval(iv);
    await new Promise((done) => { requestAnimationFrame(done); });
    await new Promise((done) => { requestIdleCallback((d) => { d.timeRemaining(); done(); }); }); queueMicrotask(() => {}); 'scheduler' in globalThis && await scheduler.postTask(() => 1);
    console.log('x', { a: [1, new Map([[1, 2]]), document.body] }, new Error('e')); console.table([{ a: 1 }]); console.group('x'); console.count();
    console.time('t'); console.timeEnd('t'); console.assert(false, 'q'); console.dir(document); console.trace();
    Promise.reject(new Error('unhandled')); await wait(window, 'unhandledrejection');
    try { const ws = new WebSocket('wss://a.test/ws'); ws.onerror = () => {}; await wait(ws, 'close'); } catch {} const es = new EventSource('/d.json');
    es.onerror = () => {}; await wait(es, 'error'); es.close();
    btoa('x'); atob('eA=='); new Notification('x'); const db = new SharedWorker('/w.js'); db.port.postMessage(1);
    db.port.start(); await wait(db.port, 'message');
    const ax = document.createElement('a'); ax.href = '#'; ax.click(); scrollTo(0, 10); scrollBy(bare({ top: 1 })); await wait(window, 'hashchange'); open('about:blank');
    prompt('x');
  });
  return errors.join('\n');
})();
