// Built twice: with React 19 and with React 18, each with the router of its time.
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, Link, Outlet, RouterProvider, useLoaderData, useNavigation, useParams } from '#router';

const json = (url) => fetch(url).then((response) => response.json());

function Layout() {
  const navigation = useNavigation();
  return <main data-state={navigation.state}><Outlet /></main>;
}

function Home() {
  const [count, setCount] = useState(0);
  const [name, setName] = useState('loading');
  const [birds, setBirds] = useState(['gull', 'tern', 'knot']);
  const [text, setText] = useState('');
  useEffect(() => {
    json('/data.json').then((data) => setName(data.name));
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
      <Link id="to-gull" to="/birds/gull">gull</Link>
    </>
  );
}

function Bird() {
  const { bird } = useParams();
  const { song } = useLoaderData();
  return <><h1 id="bird">bird {bird}</h1><p id="song">{song}</p><Link id="home" to="/">home</Link></>;
}

const routes = [{
  path: '/',
  element: <Layout />,
  children: [
    { index: true, element: <Home /> },
    { path: 'birds/:bird', element: <Bird />, loader: ({ params }) => json(`/songs/${params.bird}.json`) },
  ],
}];
const router = createBrowserRouter(routes, { basename: document.body.dataset.base });
createRoot(document.getElementById('root')).render(<RouterProvider router={router} />);
