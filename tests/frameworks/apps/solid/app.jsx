import { A, createAsync, query, Route, Router, useParams } from '@solidjs/router';
import { createResource, createSignal, For, Show, Suspense } from 'solid-js';
import { render } from 'solid-js/web';

const json = (url) => fetch(url).then((response) => response.json());
const getSong = query((bird) => json(`/songs/${bird}.json`), 'song');

function Home() {
  const [count, setCount] = createSignal(0);
  const [birds, setBirds] = createSignal(['gull', 'tern', 'knot']);
  const [text, setText] = createSignal('');
  const [data] = createResource(() => json('/data.json'));
  return (
    <>
      <button id="count" onClick={() => setCount(count() + 1)}>clicked {count()}</button>
      <Show when={count() > 1}><p id="many">many</p></Show>
      <p id="name">{data.latest?.name ?? 'loading'}</p>
      <ul id="list"><For each={birds()}>{(bird) => <li>{bird}</li>}</For></ul>
      <button id="reverse" onClick={() => setBirds(birds().toReversed())}>reverse</button>
      <input id="field" value={text()} onInput={(event) => setText(event.currentTarget.value)} />
      <p id="echo">{text()}</p>
      <A id="to-gull" href="/birds/gull">gull</A>
    </>
  );
}

function Bird() {
  const params = useParams();
  const data = createAsync(() => getSong(params.bird));
  return (
    <>
      <h1 id="bird">bird {params.bird}</h1>
      <Suspense><p id="song">{data()?.song}</p></Suspense>
      <A id="home" href="/">home</A>
    </>
  );
}

render(
  () => (
    <Router base="/solid">
      <Route path="/" component={Home} />
      <Route path="/birds/:bird" component={Bird} preload={({ params }) => getSong(params.bird)} />
    </Router>
  ),
  document.getElementById('root'),
);
