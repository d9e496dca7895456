// https://html.spec.whatwg.org/multipage/media.html: what a browser without decoders does, and text tracks as data
function video(t) {
  const element = document.createElement('video');
  document.body.append(element);
  t.add_cleanup(() => element.remove());
  return element;
}

function next(target, ...types) {
  return new Promise((resolve) => {
    for (const type of types) target.addEventListener(type, resolve, { once: true });
  });
}

promise_test(async (t) => {
  const element = video(t);
  const seen = [];
  for (const type of ['loadstart', 'error', 'emptied', 'abort', 'suspend', 'play', 'waiting']) element.addEventListener(type, () => seen.push(type));
  element.src = 'nothing.mp4';
  assert_equals(element.networkState, HTMLMediaElement.NETWORK_NO_SOURCE);
  await next(element, 'error');
  assert_array_equals(seen, ['loadstart', 'error']);
  assert_equals(element.error.code, MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED);
  assert_equals(element.networkState, HTMLMediaElement.NETWORK_NO_SOURCE);
  assert_equals(element.currentSrc, new URL('nothing.mp4', document.baseURI).href);
  await promise_rejects_dom(t, 'NotSupportedError', element.play());
  element.load();
  assert_equals(element.error, null);
}, 'a source fails with MEDIA_ERR_SRC_NOT_SUPPORTED');

promise_test(async (t) => {
  const element = video(t);
  element.src = 'nothing.mp4';
  const played = element.play();
  assert_false(element.paused);
  element.pause();
  await promise_rejects_dom(t, 'AbortError', played);
  assert_true(element.paused);
}, 'pause() rejects what play() promised');

promise_test(async (t) => {
  const element = video(t);
  element.preload = 'none';
  element.src = 'nothing.mp4';
  await next(element, 'suspend');
  assert_equals(element.networkState, HTMLMediaElement.NETWORK_IDLE);
  assert_equals(element.error, null);
  await promise_rejects_dom(t, 'NotSupportedError', element.play());
}, 'with preload=none nothing fails before play()');

promise_test(async (t) => {
  const element = video(t);
  const failed = [];
  const sources = ['', 'a.webm', 'b.mp4'].map((src) => {
    const source = document.createElement('source');
    if (src !== '') source.src = src;
    source.onerror = () => failed.push(src);
    element.append(source);
    return source;
  });
  await next(sources[2], 'error');
  assert_array_equals(failed, ['', 'a.webm', 'b.mp4']);
  assert_equals(element.error, null);
  const later = document.createElement('source');
  later.src = 'c.mp4';
  element.append(later);
  await next(later, 'error');
  assert_equals(new URL(element.currentSrc).pathname.split('/').pop(), 'c.mp4');
}, 'each source fails, and those that come later, too');

const FILE = `WEBVTT - a title

STYLE
::cue { color: red }

REGION
id:fred
width:40%
lines:3

NOTE not a cue

first
00:01.000 --> 00:02.500 line:10%,end position:20%,line-left size:50% align:left vertical:rl
<v Bob>Hi &amp; <i.loud.x>there</i></v> <00:00:01.500>you</i>

01:00:00.000 --> 01:00:01.000 region:fred
Two
lines
00:00:00.000 --> 00:00:00.500 nonsense:1
no cue before this line, and no blank one

00:99.000 --> 00:01.000
never
`;

async function load(t, text) {
  const element = video(t);
  const track = document.createElement('track');
  track.src = 'data:text/vtt,' + encodeURIComponent(text);
  track.default = true;
  element.append(track);
  await next(track, 'load', 'error');
  return track;
}

promise_test(async (t) => {
  const track = await load(t, FILE);
  assert_equals(track.readyState, HTMLTrackElement.LOADED);
  assert_equals(track.track.mode, 'showing');
  const { cues } = track.track;
  assert_equals([...cues].map((cue) => cue.startTime).join(), '0,1,3600');
  const cue = cues.getCueById('first');
  assert_equals(cue.endTime, 2.5);
  assert_equals([cue.line, cue.lineAlign, cue.snapToLines, cue.position, cue.positionAlign, cue.size, cue.align, cue.vertical].join(), '10,end,false,20,line-left,50,left,rl');
  const holder = document.createElement('div');
  holder.append(cue.getCueAsHTML());
  assert_equals(holder.innerHTML, '<span title="Bob">Hi &amp; <i class="loud x">there</i></span> <?timestamp 00:00:01.500>you');
  assert_equals(cues[2].text, 'Two\nlines');
  assert_equals(cues[2].region.id, 'fred');
  assert_equals(cues[2].region.width, 40);
  assert_equals(cue.track, track.track);
}, 'WebVTT files become cues');

promise_test(async (t) => {
  const track = await load(t, 'no WebVTT');
  assert_equals(track.readyState, HTMLTrackElement.ERROR);
}, 'other files fail');

promise_test(async (t) => {
  const element = video(t);
  const added = next(element.textTracks, 'addtrack');
  const track = element.addTextTrack('chapters', 'label', 'de');
  const event = await added;
  assert_true(event instanceof TrackEvent);
  assert_equals(event.track, track);
  const late = new VTTCue(5, 6, 'late');
  const early = new VTTCue(1, 2, 'early');
  track.addCue(late);
  track.addCue(early);
  assert_array_equals([...track.cues], [early, late]);
  early.startTime = 7;
  assert_array_equals([...track.cues], [late, early]);
  track.removeCue(late);
  assert_throws_dom('NotFoundError', () => track.removeCue(late));
  assert_equals(track.cues.length, 1);
  assert_equals(track.activeCues.length, 0);
  const changed = next(element.textTracks, 'change');
  track.mode = 'disabled';
  assert_equals(track.cues, null);
  await changed;
}, 'tracks and cues made by scripts');

promise_test(async (t) => {
  const frame = document.createElement('iframe');
  t.add_cleanup(() => frame.remove());
  frame.srcdoc = `<script>
    const video = document.createElement('video');
    video.src = 'nothing.mp4';
    document.createElement('template').content.append(video);
  </${'script'}>`;
  document.body.append(frame);
  await next(frame, 'load');
  assert_equals(frame.contentDocument.readyState, 'complete');
}, 'an element that goes into a template delays the load event no longer');

promise_test(async () => {
  const host = document.createElement('div');
  host.innerHTML = '<iframe loading=lazy srcdoc=near></iframe><div style="height: 9000px"></div><iframe loading=lazy srcdoc=far></iframe><iframe loading=lazy hidden srcdoc=hidden></iframe>';
  document.body.append(host);
  const [near, far, hidden] = host.querySelectorAll('iframe');
  const loaded = (frame) => new Promise((resolve) => {
    frame.onload = () => resolve(frame.contentDocument.body.textContent);
  });
  assert_equals(await loaded(near), 'near');
  assert_equals(far.contentDocument.body.textContent, '');
  far.scrollIntoView();
  assert_equals(await loaded(far), 'far');
  assert_equals(hidden.contentDocument.body.textContent, '');
  hidden.loading = 'eager';
  assert_equals(await loaded(hidden), 'hidden');
  host.remove();
}, 'lazy frames load when they come near the viewport');

promise_test(async () => {
  const host = document.createElement('div');
  host.innerHTML = '<div style="height: 9000px"></div><iframe loading=lazy srcdoc=moved></iframe><div style="display: none"><iframe loading=lazy srcdoc=shown></iframe></div>';
  scrollTo(0, 0);
  document.body.append(host);
  const [moved, shown] = host.querySelectorAll('iframe');
  const loaded = (frame) => new Promise((resolve) => {
    frame.onload = () => resolve(frame.contentDocument.body.textContent);
  });
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  assert_equals(moved.contentDocument.body.textContent, '', 'too far away');
  host.firstChild.style.height = '10px';
  assert_equals(await loaded(moved), 'moved');
  assert_equals(shown.contentDocument.body.textContent, '', 'without a box');
  shown.parentNode.style.display = 'block';
  assert_equals(await loaded(shown), 'shown');
  host.remove();
}, 'lazy frames load when what is around them moves them near the viewport');
