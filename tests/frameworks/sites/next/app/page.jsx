'use client';

import Link from 'next/link';
import { useEffect, useState } from 'react';

export default function Home() {
  const [count, setCount] = useState(0);
  const [name, setName] = useState('loading');
  const [birds, setBirds] = useState(['gull', 'tern', 'knot']);
  const [text, setText] = useState('');
  useEffect(() => {
    fetch('/data.json').then((response) => response.json()).then((data) => setName(data.name));
  }, []);
  return (
    <>
      <button id="count" onClick={() => setCount((n) => n + 1)}>clicked {count}</button>
      {count > 1 && <p id="many">many</p>}
      <p id="name">{name}</p>
      <ul id="list">{birds.map((bird) => <li key={bird}>{bird}</li>)}</ul>
      <button id="reverse" onClick={() => setBirds(birds.toReversed())}>reverse</button>
      <input id="field" value={text} onChange={(event) => setText(event.target.value)} />
      <p id="echo">{text}</p>
      <Link id="to-gull" href="/birds/gull">gull</Link>
    </>
  );
}
