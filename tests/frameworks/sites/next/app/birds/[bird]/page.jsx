import Link from 'next/link';
import Song from './song.jsx';

export function generateStaticParams() {
  return [{ bird: 'gull' }];
}

export default async function Bird({ params }) {
  const { bird } = await params;
  return <><h1 id="bird">bird {bird}</h1><Song of={bird} /><Link id="home" href="/">home</Link></>;
}
