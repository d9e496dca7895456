// https://html.spec.whatwg.org/multipage/parsing.html#the-end
// The life of a loading document: building the parsed tree up to the next script, who waits for whom, and the
// events at the end. A loader belongs to one document; nothing here knows how bytes are fetched.

import { SafeSet } from '../primordials.js';
import { hostPost, onHost, nowMs, runMicrotasks } from '../host.js';
import { fireEvent } from '../dom/dispatch.js';
import { removeNode } from '../dom/tree.js';
import { createOpenParser, createParserFor } from './builder.js';
import { scrollToFragment } from './document_state.js';
import { enterInsertionPoint, leaveInsertionPoint } from './document_write.js';
import { flushAutofocus } from './focus.js';
import { restoreScroll } from './History.js';
import { lookAhead } from './look_ahead.js';
import { executeScript, moduleFetched, parserEndsScript, scriptState } from './scripting.js';
import { queueTask } from './tasks.js';
import { observeNavigation } from '../hr-time/PerformanceObserver.js';
import { mainWindow } from './realm.js';
import { clearTimer, setTimer } from '../timers.js';

const MODULE_PATIENCE_MS = 500;

// The engine evaluates a module between entries: what stands after it waits for `goOn`. One that awaits at its top level would not hold up the others
// (4.12.1.1, "run a module script" returns then): its patience ends. Tells whether there is anything to wait for.
function awaitModule(el, goOn) {
  const state = scriptState(el);
  if (state.type !== 'module' || state.settled) return false;
  const settled = () => {
    state.whenSettled = null;
    clearTimer(timer);
    goOn();
  };
  const timer = setTimer(settled, MODULE_PATIENCE_MS);
  state.whenSettled = settled;
  return true;
}

class Loader {
  constructor(doc) {
    this.doc = doc;
    this.builder = null;                    // null once the whole tree stands
    this.blocking = null;                   // the pending parsing-blocking script
    this.deferred = [];                     // the list of scripts that will execute when parsing has finished
    this.inOrder = [];                      // the list of scripts that will execute in order as soon as possible
    this.asSoonAsPossible = new SafeSet();  // the set of scripts that will execute as soon as possible
    this.evaluating = false;                // a deferred module is being evaluated
    this.evaluatingInOrder = false;         // one of the list `inOrder` is
    this.blockingSheets = 0;                // style sheets in flight that block scripts
    this.delays = 0;                        // what delays the load event
    this.open = false;                      // document.open() has made the parser: it ends with close()
    this.left = 0;                          // while it is open: how many items are not sure yet
    this.running = false;                   // inside pump(): a nested call only marks work
    this.again = false;
    this.lookedThrough = null;              // the items in which was looked for what will be asked for
    this.phase = 'parsing';                 // parsing, ending, delaying, done, aborted
    this.completelyLoaded = false;          // https://html.spec.whatwg.org/multipage/document-lifecycle.html#completely-loaded
    this.initialBlank = false;              // the document is the initial about:blank
  }

  styleSheetsBlocking() {
    return this.blockingSheets > 0;
  }

  // https://html.spec.whatwg.org/multipage/scripting.html#set-of-scripts-that-will-execute-as-soon-as-possible
  runAsSoonAsPossible(el) {
    executeScript(el);
    const ran = () => {
      this.asSoonAsPossible.delete(el);
      this.checkLoad();
    };
    if (!awaitModule(el, ran)) ran();
  }

  // https://html.spec.whatwg.org/multipage/scripting.html#list-of-scripts-that-will-execute-in-order-as-soon-as-possible
  runInOrder() {
    if (this.evaluatingInOrder) return;
    while (this.inOrder.length > 0 && scriptState(this.inOrder[0]).result !== null) {
      const el = this.inOrder[0];
      for (let i = 1; i < this.inOrder.length; i++) this.inOrder[i - 1] = this.inOrder[i];
      this.inOrder.length--;
      executeScript(el);
      this.evaluatingInOrder = awaitModule(el, () => {
        this.evaluatingInOrder = false;
        queueTask(this.doc, () => this.runInOrder());
      });
      if (this.evaluatingInOrder) return;
    }
    this.checkLoad();
  }

  // Something that somebody waited for has come: go on in a task of its own.
  wake() {
    queueTask(this.doc, () => this.pump());
  }

  pump() {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    try {
      do {
        this.again = false;
        if (this.phase === 'parsing') this.parse();
        if (this.phase === 'ending') this.runDeferred();
      } while (this.again);
    } finally {
      this.running = false;
    }
    this.checkLoad();
  }

  parse() {
    for (;;) {
      if (this.phase !== 'parsing') return;
      if (this.blocking !== null) {
        // 13.2.6.4.8, "text" insertion mode, script end tag: the parser waits for the script and for style sheets.
        if (!scriptState(this.blocking).ready || this.styleSheetsBlocking()) {
          const { items, at } = this.builder;
          if (items !== this.lookedThrough && items.length > at && this.doc.window !== null) {
            this.lookedThrough = items;
            lookAhead(this.doc, items, at);
          }
          return;
        }
        const el = this.blocking;
        this.blocking = null;
        enterInsertionPoint(this.doc, el);
        executeScript(el);
        leaveInsertionPoint(this.doc);
        runMicrotasks();
        continue;
      }
      const step = this.builder.step(this.open ? this.left : 0);
      if (step.script === undefined) {
        if (this.open) return;
        this.builder = null;
        this.doc.parser = null;
        this.doc.input = null;
        this.end();
        return;
      }
      runMicrotasks();
      this.runScript(step);
      runMicrotasks();
    }
  }

  // What a script that the parser has come to writes goes in behind it.
  runScript(step) {
    enterInsertionPoint(this.doc, step.script);
    parserEndsScript(step.script, step.line, step.column);
    leaveInsertionPoint(this.doc);
  }

  // https://html.spec.whatwg.org/multipage/parsing.html#the-end
  end() {
    if (!restoreScroll(this.doc.window)) scrollToFragment(this.doc);
    // 3.
    setReadyState(this.doc, 'interactive');
    this.phase = 'ending';
  }

  // 5.
  runDeferred() {
    if (this.evaluating) return;
    while (this.deferred.length > 0) {
      const el = this.deferred[0];
      if (!scriptState(el).ready || this.styleSheetsBlocking()) return;
      for (let i = 1; i < this.deferred.length; i++) this.deferred[i - 1] = this.deferred[i];
      this.deferred.length--;
      executeScript(el);
      runMicrotasks();
      this.evaluating = awaitModule(el, () => {
        this.evaluating = false;
        this.wake();
      });
      if (this.evaluating) return;
    }
    this.phase = 'delaying';
    // 6. In a task: microtasks of the last script come first.
    queueTask(this.doc, () => {
      const doc = this.doc;
      doc.ahead = null;                  // images have asked by now, too
      const first = doc.timing.domContentLoadedEventStart === 0;
      if (first) doc.timing.domContentLoadedEventStart = nowMs();
      fireEvent(doc, 'DOMContentLoaded', { __proto__: null, bubbles: true });
      if (first) doc.timing.domContentLoadedEventEnd = nowMs();
      hostPost('lifecycle', { frame: doc.window.frameId, name: 'DOMContentLoaded' });
      if (doc.autofocus !== null) flushAutofocus(doc);
      this.contentLoaded = true;
      this.checkLoad();
    });
  }

  // 7-9. Nothing may delay the load event any more.
  checkLoad() {
    if (this.phase !== 'delaying' || !this.contentLoaded || this.delays > 0 || this.inOrder.length > 0 || this.evaluatingInOrder
        || this.asSoonAsPossible.size > 0) return;
    this.phase = 'done';
    queueTask(this.doc, () => {
      if (this.delays > 0) {               // somebody began to load in between
        this.phase = 'delaying';
        return;
      }
      const doc = this.doc;
      setReadyState(doc, 'complete');
      const window = doc.window;
      if (window === null) return;
      restoreScroll(window);
      const first = doc.timing.loadEventStart === 0;
      if (first) doc.timing.loadEventStart = nowMs();
      fireEvent(window, 'load', { __proto__: null, legacyTargetOverride: true });
      if (first) {
        doc.timing.loadEventEnd = nowMs();
        observeNavigation(doc);
      }
      doc.pageShowing = true;
      fireEvent(window, 'pageshow', { __proto__: null, bubbles: true, cancelable: true, interface: 'PageTransitionEvent', init: { persisted: false }, legacyTargetOverride: true });
      this.completelyLoaded = true;
      hostPost('lifecycle', { frame: window.frameId, name: 'load' });
      if (window.onloaded !== null) window.onloaded();
    });
  }

  abort() {
    this.phase = 'aborted';
    this.completelyLoaded = true;          // as in Chromium: nothing is under way that a navigation would stand for
    this.doc.ahead = null;
    this.builder = null;
    this.blocking = null;
    this.doc.parser = null;
  }
}

function setReadyState(doc, state) {
  if (doc.readyState === state) return;
  doc.readyState = state;
  // What was opened anew keeps the times it had.
  if (state === 'interactive' && doc.timing.domInteractive === 0) doc.timing.domInteractive = nowMs();
  if (state === 'complete' && doc.timing.domComplete === 0) doc.timing.domComplete = nowMs();
  fireEvent(doc, 'readystatechange');
}

export function loaderOf(doc) {
  return doc.loader ?? (doc.loader = new Loader(doc));
}

export function parserScripts(doc) {
  return loaderOf(doc);
}

export function delayLoad(doc) {
  loaderOf(doc).delays++;
}

export function undelayLoad(doc) {
  const loader = loaderOf(doc);
  loader.delays--;
  if (loader.delays === 0 && loader.phase === 'delaying') queueTask(doc, () => loader.checkLoad());
}

export function blockScripts(doc) {
  loaderOf(doc).blockingSheets++;
}

export function unblockScripts(doc) {
  const loader = loaderOf(doc);
  loader.blockingSheets--;
  if (loader.blockingSheets === 0) loader.wake();
}

export function isCompletelyLoaded(doc) {
  return doc.loader === null || doc.loader.completelyLoaded;
}

// https://html.spec.whatwg.org/multipage/dom.html#is-initial-about:blank: until it is opened
export function isInitialBlank(doc) {
  return doc.loader !== null && doc.loader.initialBlank;
}

export function isParsing(doc) {
  return doc.loader !== null && doc.loader.phase === 'parsing' && doc.loader.builder !== null;
}

// Build until only `remaining` items are left: what a script wrote. Its scripts run as the parser's do; one that has to be fetched stops the building here.
export function buildWritten(doc, remaining) {
  const loader = loaderOf(doc);
  const { builder } = loader;
  while (loader.builder === builder && loader.blocking === null) {
    const step = builder.step(remaining());
    if (step.script === undefined) return;
    loader.runScript(step);
  }
}

// The initial about:blank of a frame: complete at once, without events.
export function loadBlank(doc, tree) {
  const loader = loaderOf(doc);
  loader.builder = createParserFor(doc, tree);
  loader.builder.step();
  loader.builder = null;
  loader.phase = 'done';
  loader.completelyLoaded = true;
  loader.initialBlank = true;
  doc.quirks = true;
  doc.mode = 'quirks';
}

const goneHooks = [];

// `callback(doc)`: its document is about to lose its window, or to be unloaded. What is open on its behalf ends.
export function onDocumentGone(callback) {
  goneHooks[goneHooks.length] = callback;
}

export function abortLoading(doc) {
  if (doc.loader !== null) doc.loader.abort();
  for (let i = 0; i < goneHooks.length; i++) goneHooks[i](doc);
}

// https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-open-steps, step 16: a parser for what will be written
export function openLoading(doc) {
  doc.loader = null;
  const loader = loaderOf(doc);
  doc.readyState = 'loading';
  loader.open = true;
  loader.builder = createOpenParser(doc);
  doc.parser = loader.builder;
}

// Nothing more will be written. `tree`: what has been is built anew from it, but scripts that ran do not run again.
export function closeLoading(doc, tree) {
  const loader = loaderOf(doc);
  loader.open = false;
  if (tree !== null) {
    const done = loader.builder.scripts;
    while (doc.first !== null) removeNode(doc.first);
    loader.builder = createParserFor(doc, tree);
    loader.builder.scriptsBefore = done;
    doc.parser = loader.builder;
  }
  loader.pump();
}

// Begin to build a tree into `doc`, once more perhaps.
export function beginLoading(doc, tree) {
  doc.loader = null;
  loadDocument(doc, tree);
}

// Begin to build `tree` into `doc` and run its scripts.
export function loadDocument(doc, tree) {
  const loader = loaderOf(doc);
  loader.phase = 'parsing';
  doc.readyState = 'loading';
  loader.builder = createParserFor(doc, tree);
  doc.parser = loader.builder;
  loader.pump();
}

onHost('document.load', (payload, bytes) => {
  const doc = mainWindow().document;
  if (payload.initial) {
    loadBlank(doc, bytes);
    doc.readyState = 'complete';
    doc.pageShowing = true;
    return null;
  }
  loadDocument(doc, bytes);
  return null;
});

onHost('module.fetched', (payload) => {
  moduleFetched(payload);
  return null;
});
