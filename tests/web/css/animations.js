// https://drafts.csswg.org/web-animations-1/, css-transitions-2 and css-animations-2
'use strict';

function setUp(t, markup) {
  const el = document.createElement('div');
  el.innerHTML = markup;
  document.body.append(el);
  t.add_cleanup(() => el.remove());
  return el;
}

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const told = (el, ...types) => {
  const out = [];
  for (const type of types) el.addEventListener(type, (event) => out.push(type + ' ' + (event.propertyName ?? event.animationName) + ' ' + event.elapsedTime));
  return out;
};
const event = (el, type) => new Promise((resolve) => el.addEventListener(type, resolve, { once: true }));

promise_test(async (t) => {
  const el = setUp(t, '').appendChild(document.createElement('p'));
  el.style.opacity = '0.2';
  const animation = el.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 60_000, id: 'x' });
  const log = [];
  animation.onfinish = (ended) => log.push('event ' + ended.currentTime);
  assert_equals([animation.playState, animation.pending, animation.currentTime, animation.id, animation.effect.target].map(String).join(), 'running,true,0,x,' + el);
  assert_equals(getComputedStyle(el).opacity, '0');
  assert_equals(el.getAnimations()[0], animation);
  assert_equals(document.getAnimations()[0], animation);
  assert_equals(await animation.ready, animation);
  assert_equals(animation.playState + animation.pending, 'runningfalse');
  assert_equals(await animation.finished, animation);
  assert_equals(animation.playState + animation.currentTime, 'finished60000');
  assert_equals(getComputedStyle(el).opacity, '0.2');
  await frame();
  assert_equals(log.join(), 'event 60000');
  assert_equals(el.getAnimations().length, 0);
}, 'an animation is over at once');

promise_test(async (t) => {
  const el = setUp(t, '').appendChild(document.createElement('p'));
  const animation = el.animate({ opacity: [0, 1], width: ['10px', '30px'] }, { duration: 1000, fill: 'both', easing: 'ease-in' });
  await animation.finished;
  assert_equals(getComputedStyle(el).opacity + getComputedStyle(el).width, '130px');
  animation.effect.updateTiming({ easing: 'linear' });
  animation.currentTime = 250;
  animation.pause();
  assert_equals(getComputedStyle(el).opacity + getComputedStyle(el).width, '0.2515px');
  await animation.ready;
  assert_equals(animation.playState + animation.currentTime, 'paused250');
  assert_equals(animation.effect.getComputedTiming().progress, 0.25);
  animation.commitStyles();
  assert_equals(el.style.cssText, 'opacity: 0.25; width: 15px;');
  animation.reverse();
  await animation.finished;
  assert_equals(animation.currentTime, 0);
  const { finished } = animation.play() ?? animation;
  animation.cancel();
  await promise_rejects_dom(t, 'AbortError', finished);
  assert_equals(animation.playState, 'idle');
  assert_equals(animation.currentTime, null);
}, 'seeking, pausing, reversing, committing and canceling');

test((t) => {
  const el = setUp(t, '');
  const effect = new KeyframeEffect(el, [{ left: '1px', offset: 0.5 }, { left: '5px', marginTop: '2px', easing: 'ease' }], { duration: 10, iterations: 2, direction: 'alternate' });
  assert_equals(JSON.stringify(effect.getKeyframes()),
    '[{"offset":0.5,"computedOffset":0.5,"easing":"linear","composite":"auto","left":"1px"},{"offset":null,"computedOffset":1,"easing":"ease","composite":"auto","left":"5px","marginTop":"2px"}]');
  assert_equals(effect.getComputedTiming().endTime, 20);
  assert_equals(new KeyframeEffect(effect).getTiming().iterations, 2);
  assert_throws_js(TypeError, () => el.animate([{ offset: 2 }]));
  assert_throws_js(TypeError, () => el.animate([], { duration: -1 }));
  assert_throws_js(TypeError, () => el.animate([], { easing: 'nope' }));
  const endless = el.animate({ opacity: 0 }, { duration: 10, iterations: Infinity });
  assert_throws_dom('InvalidStateError', () => endless.finish());
  endless.cancel();
  assert_true(document.timeline.currentTime > 0);
}, 'keyframes and timing');

promise_test(async (t) => {
  const el = setUp(t, '<style>.fade { opacity: 0; transition: opacity 0.3s, color 1s 1s; color: red; margin: 0 } .fade.in { opacity: 1; margin: 4px }</style><p class=fade></p>').lastChild;
  const log = told(document, 'transitionrun', 'transitionstart', 'transitionend');
  el.classList.add('in');
  await event(el, 'transitionend');
  el.classList.remove('in');
  getComputedStyle(el).opacity;
  el.style.opacity = '1';
  el.style.color = 'blue';
  while (log.length < 12) await event(document, 'transitionend');
  assert_equals(log.filter((x) => x.startsWith('transitionend')).join(), 'transitionend opacity 0.3,transitionend opacity 0.3,transitionend color 1,transitionend opacity 0.3');
  assert_equals(log.filter((x) => x.startsWith('transitionrun')).length, 4);
}, 'transitions fire their events');

promise_test(async (t) => {
  const el = setUp(t, '<style>p { transition: all 1s } p.out { display: none; width: 1px } @media all { .open i { left: 5px } } i { left: 1px; transition: left 1s }</style><p><i></i></p>').lastChild;
  const log = told(el, 'transitionend');
  el.className = 'open';
  await event(el, 'transitionend');
  el.className = 'out';
  el.offsetWidth;
  el.className = '';
  await frame();
  await frame();
  assert_equals(log.join(), 'transitionend left 1');
}, 'transitions of what is in the changed element, and none of what is not rendered');

promise_test(async (t) => {
  const el = setUp(t, '<style>@keyframes k { from { opacity: 0; color: red } to { opacity: 0.5; color: blue } } .a { animation: k 2s 2 both } .b { animation: k 1s infinite } .c { animation: k 1s linear -0.5s paused; }</style>'
    + '<p></p><p class=b></p><p class=c></p>');
  const [first, second, third] = el.querySelectorAll('p');
  const log = told(el, 'animationstart', 'animationend');
  first.className = 'a';
  assert_equals(getComputedStyle(first).opacity, '0.5');
  assert_equals(getComputedStyle(first).color, 'rgb(0, 0, 255)');
  first.style.setProperty('opacity', '0.1', 'important');
  assert_equals(getComputedStyle(first).opacity, '0.1');
  assert_equals(getComputedStyle(second).color, 'rgb(255, 0, 0)');
  assert_equals(getComputedStyle(third).opacity, '0.25');
  await event(el, 'animationend');
  assert_equals(log.sort().join(), 'animationend k 4,animationstart k 0,animationstart k 0');
  const late = document.createElement('p');
  late.className = 'a';
  el.append(late);
  await event(late, 'animationend');
}, 'animations of style sheets are over at once, and leave what their fill mode says');

promise_test(async (t) => {
  const el = setUp(t, '');
  const of = (pseudoElement) => el.animate({ opacity: [0, 1] }, { duration: 60_000, pseudoElement });
  const own = of(null);
  const before = of(':before');
  const marker = of('::marker');
  assert_equals(before.effect.pseudoElement, '::before');
  for (const wrong of ['', 'before', ':marker', '::before:hover', 'p::before', '::no-such', '::before, ::after']) assert_throws_dom('SyntaxError', () => of(wrong), wrong);
  assert_array_equals(el.getAnimations(), [own]);
  assert_array_equals(el.getAnimations({ subtree: true }), [own, before, marker]);
  assert_array_equals(el.getAnimations({ pseudoElement: '::before' }), [before]);
  assert_throws_dom('SyntaxError', () => el.getAnimations({ pseudoElement: 'before' }));
  assert_equals(getComputedStyle(el).opacity, '0');
  own.effect.pseudoElement = '::after';
  assert_equals(getComputedStyle(el).opacity, '1');
  assert_throws_dom('SyntaxError', () => { own.effect.pseudoElement = 'after'; });
  assert_equals(own.effect.pseudoElement, '::after');
}, 'animations of pseudo-elements are told from those of their elements');

promise_test(async (t) => {
  const el = setUp(t, '');
  const animation = new Animation(new KeyframeEffect(el, { opacity: [0, 1] }, 60_000), null);
  animation.play();
  await frame();
  await frame();
  assert_true(animation.pending);
  animation.timeline = document.timeline;
  await animation.finished;
  assert_equals(animation.currentTime, 60_000);
}, 'what waits for a timeline goes on with it');

promise_test(async (t) => {
  const el = document.createElement('div');
  document.body.append(el);
  t.add_cleanup(() => el.remove());
  const animations = [];
  for (let i = 0; i < 5; i++) animations.push(el.animate(i === 1 ? { opacity: [0, 0.1], width: ['1px', '2px'] } : { opacity: [0, i / 10] }, { duration: 1, fill: 'forwards' }));
  const kept = el.animate({ opacity: [0, 0.5] }, { duration: 1, fill: 'forwards' });
  animations[2].persist();
  const removed = new Promise((resolve) => (animations[4].onremove = resolve));
  await kept.finished;
  assert_equals((await removed).type, 'remove');
  assert_equals(animations.map(({ replaceState }) => replaceState).join(), 'removed,active,persisted,removed,removed');
  assert_equals(kept.replaceState, 'active');
  assert_array_equals(el.getAnimations(), [animations[1], animations[2], kept]);
  assert_equals(getComputedStyle(el).opacity, '0.5');
  kept.cancel();
  assert_equals(getComputedStyle(el).opacity, '0.2', 'a persisted one shows');
  animations[4].persist();
  assert_equals(getComputedStyle(el).opacity, '0.4');
}, 'animations that others cover are removed');

promise_test(async (t) => {
  const el = document.createElement('div');
  document.body.append(el);
  t.add_cleanup(() => el.remove());
  const all = [];
  for (let i = 0; i < 4000; i++) all.push(el.animate({ opacity: [0, 1] }, { duration: 1, fill: 'forwards' }));
  await Promise.all(all.map(({ finished }) => finished));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  assert_equals(el.getAnimations().length, 1);
}, 'many animations of one element take time in proportion');

promise_test(async (t) => {
  const sheet = document.createElement('style');
  sheet.textContent = '.moves { transition: nothing-known 1s, --own 1s, margin-inline-start 1s } .moved { --own: 1px; margin-left: 20px }';
  document.head.append(sheet);
  const el = document.createElement('div');
  el.className = 'moves';
  document.body.append(el);
  t.add_cleanup(() => {
    el.remove();
    sheet.remove();
  });
  const seen = [];
  el.addEventListener('transitionrun', (event) => seen.push(event.propertyName));
  const ended = new Promise((resolve) => el.addEventListener('transitionend', resolve));
  getComputedStyle(el).marginLeft;
  el.classList.add('moved');
  assert_equals(getComputedStyle(el).marginLeft, '20px');
  await ended;
  assert_array_equals(seen, ['margin-left']);
}, 'transitions may name what no property is called');
