// https://w3c.github.io/reporting/#reporting-observers
// Reports as a page's own code sees them. Those of policies that were violated are made; nothing here is deprecated, and nobody intervenes.

import { SafeWeakMap } from '../primordials.js';
import { Impl } from '../webidl/impl.js';
import { defineInterface } from '../webidl/interface.js';
import { wrap } from '../webidl/wrapper.js';
import { currentWindow } from './realm.js';
import { reportCallback } from './report.js';
import { queueTask } from './tasks.js';

const MAX_KEPT_REPORTS = 100;      // of a type, "add report to global", step 4

class ReportImpl extends Impl {
  constructor(type, url, body) {
    super();
    this.type = type;
    this.url = url;
    this.body = body;
  }
}
class ReportBodyImpl extends Impl {}
class CSPViolationReportBodyImpl extends Impl {
  constructor(violation) {
    super();
    this.violation = violation;
  }
}
class ReportingObserverImpl extends Impl {
  constructor(callback, options) {
    super();
    this.window = currentWindow();
    this.callback = callback;
    this.types = options.types ?? [];
    this.buffered = options.buffered;
    this.reports = [];
  }
}

const reportLists = new SafeWeakMap();      // by window or worker scope: { observers, kept }

function reportListsOf(window) {
  let lists = reportLists.get(window);
  if (lists === undefined) reportLists.set(window, lists = { __proto__: null, observers: [], kept: [] });
  return lists;
}

// https://w3c.github.io/reporting/#add-report
function addToObserver(observer, report) {
  let wanted = observer.types.length === 0;
  for (let i = 0; i < observer.types.length; i++) if (observer.types[i] === report.type) wanted = true;
  if (!wanted) return;
  observer.reports[observer.reports.length] = report;
  if (observer.reports.length !== 1) return;
  // https://w3c.github.io/reporting/#invoke-observers
  queueTask(observer.window.document, () => {
    const list = takeReports(observer);
    if (list.length === 0) return;
    const self = wrap(observer);
    const wrapped = [];
    for (let i = 0; i < list.length; i++) wrapped[i] = wrap(list[i]);
    reportCallback(observer.callback, self, [wrapped, self]);
  });
}

function takeReports(self) {
  const list = self.reports;
  self.reports = [];
  return list;
}

// https://w3c.github.io/reporting/#notify-observers, of a violated policy; `violation`: members of SecurityPolicyViolationEventInit
export function observeViolation(window, url, violation) {
  const report = new ReportImpl('csp-violation', url, new CSPViolationReportBodyImpl(violation));
  const { observers, kept } = reportListsOf(window);
  for (let i = 0; i < observers.length; i++) addToObserver(observers[i], report);
  if (kept.length === MAX_KEPT_REPORTS) {
    for (let i = 1; i < kept.length; i++) kept[i - 1] = kept[i];
    kept.length--;
  }
  kept[kept.length] = report;
}

function observeReports(self) {
  const lists = reportListsOf(self.window);
  for (let i = 0; i < lists.observers.length; i++) if (lists.observers[i] === self) return;
  lists.observers[lists.observers.length] = self;
  if (!self.buffered) return;
  self.buffered = false;
  for (let i = 0; i < lists.kept.length; i++) addToObserver(self, lists.kept[i]);
}

function disconnectReports(self) {
  const lists = reportListsOf(self.window);
  const left = [];
  for (let i = 0; i < lists.observers.length; i++) if (lists.observers[i] !== self) left[left.length] = lists.observers[i];
  lists.observers = left;
}

defineInterface(`
[Exposed=(Window,Worker)]
interface ReportBody {
  [Default] object toJSON();
};
`, {}, ReportBodyImpl);

defineInterface(`
[Exposed=(Window,Worker)]
interface CSPViolationReportBody : ReportBody {
  [Default] object toJSON();
  readonly attribute USVString documentURL;
  readonly attribute USVString? referrer;
  readonly attribute USVString? blockedURL;
  readonly attribute DOMString effectiveDirective;
  readonly attribute DOMString originalPolicy;
  readonly attribute USVString? sourceFile;
  readonly attribute DOMString? sample;
  readonly attribute SecurityPolicyViolationEventDisposition disposition;
  readonly attribute unsigned short statusCode;
  readonly attribute unsigned long? lineNumber;
  readonly attribute unsigned long? columnNumber;
};
`, {
  documentURL: (self) => self.violation.documentURI,
  referrer: (self) => self.violation.referrer,
  blockedURL: (self) => self.violation.blockedURI,
  effectiveDirective: (self) => self.violation.effectiveDirective,
  originalPolicy: (self) => self.violation.originalPolicy,
  sourceFile: (self) => self.violation.sourceFile,
  sample: (self) => self.violation.sample,
  disposition: (self) => self.violation.disposition,
  statusCode: (self) => self.violation.statusCode,
  lineNumber: (self) => self.violation.lineNumber,
  columnNumber: (self) => self.violation.columnNumber,
}, CSPViolationReportBodyImpl);

defineInterface(`
[Exposed=(Window,Worker)]
interface Report {
  [Default] object toJSON();
  readonly attribute DOMString type;
  readonly attribute DOMString url;
  readonly attribute ReportBody? body;
};
`, {
  type: (self) => self.type,
  url: (self) => self.url,
  body: (self) => self.body,
}, ReportImpl);

defineInterface(`
callback ReportingObserverCallback = undefined (sequence<Report> reports, ReportingObserver observer);
dictionary ReportingObserverOptions { sequence<DOMString> types; boolean buffered = false; };
typedef sequence<Report> ReportList;
[Exposed=(Window,Worker)]
interface ReportingObserver {
  constructor(ReportingObserverCallback callback, optional ReportingObserverOptions options = {});
  undefined observe();
  undefined disconnect();
  ReportList takeRecords();
};
`, {
  constructor: (callback, options) => new ReportingObserverImpl(callback, options),
  observe: observeReports,
  disconnect: disconnectReports,
  takeRecords: takeReports,
}, ReportingObserverImpl);
