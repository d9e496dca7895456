'use client';

import { useEffect, useState } from 'react';

export default function Song({ of }) {
  const [song, setSong] = useState('');
  useEffect(() => {
    fetch(`/songs/${of}.json`).then((response) => response.json()).then((data) => setSong(data.song));
  }, [of]);
  return <p id="song">{song}</p>;
}
