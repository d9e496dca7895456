// https://wicg.github.io/observable/#observable-api and #event-target-integration

import { defineInterface, defineTypes } from '../../webidl/interface.js';
import { wrap } from '../../webidl/wrapper.js';
import { currentWindow } from '../../html/realm.js';
import { addAbortAlgorithm } from '../AbortSignal.js';
import { addListener, defaultPassive, Listener, removeListener } from '../EventTarget.js';
import {
  catchErrors, dropFirst, filterObservable, finallyDo, flatMapObservable, inspectObservable, mapObservable, switchMapObservable, takeFirst, takeUntil,
} from './operators.js';
import { findPromise, firstPromise, forEachPromise, lastPromise, reducePromise, testPromise, toArrayPromise } from './promised.js';
import { ObservableImpl, subscribeByPage, toObservable } from './subscribe.js';
import { hearsObservables, subscriberNext } from './Subscriber.js';

defineTypes(`
callback SubscribeCallback = undefined (Subscriber subscriber);
callback ObservableSubscriptionCallback = undefined (any value);
callback ObservableInspectorAbortHandler = undefined (any value);
dictionary SubscriptionObserver {
  ObservableSubscriptionCallback next;
  ObservableSubscriptionCallback error;
  VoidFunction complete;
};
dictionary ObservableInspector {
  ObservableSubscriptionCallback next;
  ObservableSubscriptionCallback error;
  VoidFunction complete;
  VoidFunction subscribe;
  ObservableInspectorAbortHandler abort;
};
typedef (ObservableSubscriptionCallback or SubscriptionObserver) ObserverUnion;
typedef (ObservableSubscriptionCallback or ObservableInspector) ObservableInspectorUnion;
dictionary SubscribeOptions { AbortSignal signal; };
callback Predicate = boolean (any value, unsigned long long index);
callback Reducer = any (any accumulator, any currentValue, unsigned long long index);
callback Mapper = any (any value, unsigned long long index);
callback Visitor = undefined (any value, unsigned long long index);
callback CatchCallback = any (any value);
dictionary ObservableEventListenerOptions {
  boolean capture = false;
  boolean passive;
};
`);

defineInterface(`
[Exposed=*]
interface Observable {
  constructor(SubscribeCallback callback);
  undefined subscribe(optional ObserverUnion observer = {}, optional SubscribeOptions options = {});
  static Observable from(any value);
  Observable takeUntil(any value);
  Observable map(Mapper mapper);
  Observable filter(Predicate predicate);
  Observable take(unsigned long long amount);
  Observable drop(unsigned long long amount);
  Observable flatMap(Mapper mapper);
  Observable switchMap(Mapper mapper);
  Observable inspect(optional ObservableInspectorUnion inspectorUnion = {});
  Observable catch(CatchCallback callback);
  Observable finally(VoidFunction callback);
  Promise<sequence<any>> toArray(optional SubscribeOptions options = {});
  Promise<undefined> forEach(Visitor callback, optional SubscribeOptions options = {});
  Promise<boolean> every(Predicate predicate, optional SubscribeOptions options = {});
  Promise<any> first(optional SubscribeOptions options = {});
  Promise<any> last(optional SubscribeOptions options = {});
  Promise<any> find(Predicate predicate, optional SubscribeOptions options = {});
  Promise<boolean> some(Predicate predicate, optional SubscribeOptions options = {});
  Promise<any> reduce(Reducer reducer, optional any initialValue, optional SubscribeOptions options = {});
};
`, {
  constructor: (callback) => new ObservableImpl(currentWindow(), callback, null),
  subscribe: (self, observer, options) => subscribeByPage(self, observer, options.signal),
  from: (value) => toObservable(value, currentWindow()),
  takeUntil,
  map: mapObservable,
  filter: filterObservable,
  take: takeFirst,
  drop: dropFirst,
  flatMap: flatMapObservable,
  switchMap: switchMapObservable,
  inspect: inspectObservable,
  catch: catchErrors,
  finally: finallyDo,
  toArray: toArrayPromise,
  forEach: forEachPromise,
  every: (self, predicate, options) => testPromise(self, predicate, options, false),
  first: firstPromise,
  last: lastPromise,
  find: findPromise,
  some: (self, predicate, options) => testPromise(self, predicate, options, true),
  reduce: reducePromise,
}, ObservableImpl);

// The window of an event target: a node's is that of its document.
function windowOfTarget(target) {
  if (target.isWindow === true || target.isWorkerScope === true) return target;
  if (target.nodeType === undefined) return currentWindow();
  return (target.nodeType === 9 ? target : target.doc).window;
}

defineInterface(`
partial interface EventTarget {
  Observable when(DOMString type, optional ObservableEventListenerOptions options = {});
};
`, {
  // https://wicg.github.io/observable/#dom-eventtarget-when
  when(self, type, options) {
    const window = windowOfTarget(self) ?? currentWindow();
    return new ObservableImpl(window, null, (subscriber) => {
      if (subscriber.signal.aborted || !hearsObservables(window)) return;
      const passive = options.passive ?? defaultPassive(type, self);
      const listener = new Listener(type, (event) => {
        if (passive) event.inPassive = true;
        subscriberNext(subscriber, wrap(event));
        event.inPassive = false;
      }, options.capture, passive, false);
      listener.internal = true;
      addListener(self, listener);
      addAbortAlgorithm(subscriber.signal, () => removeListener(self, listener));
    });
  },
});
