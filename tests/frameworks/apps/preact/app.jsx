/** @jsxImportSource preact */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ErrorBoundary, lazy, LocationProvider, Route, Router } from 'preact-iso';

const Bird = lazy(() => import('./bird.jsx'));

function Home() {
  const [count, setCount] = useState(0);
  const [name, setName] = useState('loading');
  const [birds, setBirds] = useState(['gull', 'tern', 'knot']);
  const [text, setText] = useState('');
  useEffect(() => {
    fetch('/data.json').then((r) => r.json()).then((d) => setName(d.name));
  }, []);
  return (
    <>
      <button id="count" onClick={() => setCount((n) => n + 1)}>clicked {count}</button>
      {count > 1 && <p id="many">many</p>}
      <p id="name">{name}</p>
      <ul id="list">{birds.map((bird) => <li key={bird}>{bird}</li>)}</ul>
      <button id="reverse" onClick={() => setBirds(birds.toReversed())}>reverse</button>
      <input id="field" value={text} onInput={(event) => setText(event.target.value)} />
      <p id="echo">{text}</p>
      <a id="to-gull" href="/preact/birds/gull">gull</a>
    </>
  );
}

render(
  <LocationProvider scope="/preact">
    <ErrorBoundary>
      <Router>
        <Route path="/preact/" component={Home} />
        <Route path="/preact/birds/:bird" component={Bird} />
      </Router>
    </ErrorBoundary>
  </LocationProvider>,
  document.getElementById('root'),
);
