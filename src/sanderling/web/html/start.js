// https://html.spec.whatwg.org/multipage/document-sequences.html#creating-a-new-browsing-context
// The life of the main document as the worker sees it: start, scripts from outside, unload, and what it asks about the document.

import { hostPost, onHost, rehearsing } from '../host.js';
import { DateParse, StringPrototypeEndsWith } from '../primordials.js';
import { defineUnforgeables, setHooks } from '../webidl/runtime.js';
import { stamp } from '../webidl/wrapper.js';
import { createDocument } from '../dom/create.js';
import { scriptsRunIn } from '../emulation/emulated.js';
import { parseURL } from '../url/parser.js';
import { startStorage } from '../webstorage/Storage.js';
import { startClock, timeOrigin } from './clock.js';
import { bypassPolicies, setPolicies } from './csp.js';
import { preloadHeaders } from './link_preload.js';
import { documentTitle } from './document_members.js';
import { evaluateIn } from './frame_scripts.js';
import { onFrameDocument } from './frame_tree.js';
import { runClassicScript } from './scripting.js';
import { numberFrames } from './frames.js';
import { startHistory } from './History.js';
import { maskWrapped } from '../emulation/masked.js';
import { startWasm } from './wasm.js';
import { startImages } from './image_loading.js';
import { markedMarkup } from './marked.js';
import { declareRefresh } from './meta_refresh.js';
import { navigateWindow, staysInDocument } from './navigate.js';
import { NavigatorImpl } from './Navigator.js';
import { mainWindow, setMainWindow, windowOfFrame } from './realm.js';
import { reportException, startRejections } from './report.js';
import { startRemoteWindows, windowAt } from './remote_window.js';
import { startRemotePorts } from '../webmessaging/remote_ports.js';
import { hideSecureMembers } from './secure_context.js';
import { closeDocument, openDocument, writeDocument } from './document_write.js';
import { newTiming } from './timing.js';
import { WindowImpl, windowInterface } from './Window.js';
import { serializeNode } from '../domparsing/serialize.js';
import { serializeXML } from '../domparsing/XMLSerializer.js';

onHost('page.start', (payload) => {
  maskWrapped();
  startWasm();
  startClock(payload.timing ?? null);
  const navigator = new NavigatorImpl({
    __proto__: null, userAgent: payload.userAgent, languages: payload.languages, platform: payload.platform ?? 'Linux x86_64',
    hardwareConcurrency: payload.hardwareConcurrency ?? 2,
  });
  const window = new WindowImpl(payload.frame, navigator);
  const url = parseURL(payload.url) ?? parseURL('about:blank');
  const isHTML = payload.contentType === 'text/html' || payload.contentType === undefined || !isXMLType(payload.contentType);
  const doc = createDocument(isHTML ? 'html' : 'xml', url, payload.contentType ?? 'text/html');
  doc.window = window;
  doc.encoding = payload.encoding ?? 'UTF-8';
  doc.referrer = payload.referrer ?? '';
  doc.referrerPolicy = payload.referrerPolicy ?? '';
  const modified = payload.lastModified ? DateParse(payload.lastModified) : NaN;
  doc.lastModified = modified === modified ? modified : 0;
  doc.timing = newTiming(payload.timing ?? null);
  doc.timing.navigationStart = timeOrigin();
  doc.readyState = 'loading';
  window.document = doc;
  // What makes the global object a window cannot be taken off again.
  const global = rehearsing ? {} : globalThis;
  window.globalObject = global;
  window.name = payload.name ?? '';
  window.width = payload.width ?? window.width;
  window.height = payload.height ?? window.height;
  window.popup = payload.popup ?? null;
  defineUnforgeables(global, windowInterface.unforgeable);
  stamp(global, window);
  setHooks({ __proto__: null, globalImpl: window });
  if (payload.creator) doc.fallbackBase = parseURL(payload.creator);
  startRemoteWindows(payload.page ?? '');
  startRemotePorts(payload.page ?? '', payload.agent ?? 0);
  if (payload.parent) {
    window.remoteParent = windowAt(payload.parent.page, payload.parent.frame);
    window.remoteAncestors = payload.ancestorOrigins;
  }
  if (payload.sandbox) {
    window.sandbox = { __proto__: null, ...payload.sandbox };
    window.scriptingEnabled = scriptsRunIn(window);
    doc.opaqueOrigin = payload.sandbox.opaque;
  }
  if (payload.opener) window.openerWindow = windowAt(payload.opener.page, payload.opener.frame);
  frameScripts = payload.initScripts ?? [];
  numberFrames(payload.agent ?? 0);
  startHistory(window.history, payload.historyLength ?? 1, payload.historyIndex ?? 0, payload.history ?? null);
  bypassPolicies(payload.cspBypass === true);
  setMainWindow(window);
  doc.upgradesInsecure = payload.upgrade === true;
  setPolicies(doc, payload.csp);
  startImages(payload.images === true);
  if (payload.links !== undefined && payload.links.length > 0) queueTask(doc, () => preloadHeaders(doc, payload.links));
  if (payload.refresh) declareRefresh(doc, payload.refresh);
  startStorage(payload);
  startRejections();
  hideSecureMembers(window);
  return null;
});

// The user's init scripts run in the documents of child frames, too; those of the main one are run by the worker.
let frameScripts = [];

onFrameDocument((window) => {
  if (window.closed || window.remote !== null) return;
  for (let i = 0; i < frameScripts.length; i++) runClassicScript(window, frameScripts[i], 'sanderling:init', 1, 1);
});

function isXMLType(type) {
  return type === 'text/xml' || type === 'application/xml' || StringPrototypeEndsWith(type, '+xml');
}

// Scripts of the user: init scripts, injected scripts, addScriptTag's.
onHost('script.run', (payload) => {
  const window = windowOfFrame(payload.frame ?? 1) ?? mainWindow();
  try {
    const value = evaluateIn(window, payload.source, payload.url ?? '', 1, 1);
    return payload.wantsValue && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') ? value : null;
  } catch (error) {
    reportException(error, window);
    return null;
  }
});

function documentOf(payload) {
  return (windowOfFrame(payload.frame ?? 1) ?? mainWindow()).document;
}

onHost('document.html', (payload) => {
  const doc = documentOf(payload);
  return { __proto__: null, html: doc.isHTML ? serializeNode(doc) : serializeXML(doc) };
});

onHost('document.marked', (payload) => {
  const doc = documentOf(payload);
  return { __proto__: null, html: markedMarkup(doc), base: doc.urlText() };
});

onHost('document.title', (payload) => ({ __proto__: null, title: documentTitle(documentOf(payload)) }));

onHost('location.set', (payload) => {
  const window = windowOfFrame(payload.frame ?? 1) ?? mainWindow();
  const url = parseURL(payload.url);
  if (url === null) return { __proto__: null, valid: false, loads: false };
  const loads = url.scheme !== 'javascript' && !staysInDocument(window, url);
  navigateWindow(window, url, {
    __proto__: null, replace: payload.replace === true, userInvolved: payload.byPage !== true, source: window, referrer: payload.referrer, referrerPolicy: payload.referrerPolicy,
  });
  return { __proto__: null, valid: true, loads };
});

// A window elsewhere writes into this document (its popup): the operations of document.write.
onHost('window.write', (payload) => {
  const { document } = windowOfFrame(payload.frame) ?? mainWindow();
  if (payload.operation === 'open') openDocument(document);
  else if (payload.operation === 'close') closeDocument(document);
  else writeDocument(document, payload.operation === 'writeln' ? payload.text + '\n' : payload.text);
  return null;
});

onHost('window.renamed', (payload) => {
  const window = windowOfFrame(payload.frame);
  if (window !== null) window.name = payload.name;
  return null;
});

// The title of the page, as it changes.
let reportedTitle = '';

export function reportTitleIfChanged() {
  const window = mainWindow();
  if (window === null || window.document === null) return;
  const title = documentTitle(window.document);
  if (title === reportedTitle) return;
  reportedTitle = title;
  hostPost('title', { title });
}
