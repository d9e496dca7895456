/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';

export default function Bird() {
  const { params } = useRoute();
  const [song, setSong] = useState('');
  useEffect(() => {
    fetch(`/songs/${params.bird}.json`).then((r) => r.json()).then((d) => setSong(d.song));
  }, [params.bird]);
  return <><h1 id="bird">bird {params.bird}</h1><p id="song">{song}</p><a id="home" href="/preact/">home</a></>;
}
