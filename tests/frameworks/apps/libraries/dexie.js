import Dexie, { liveQuery } from 'dexie';

async function run() {
  const db = new Dexie('birds');
  db.version(1).stores({ birds: '++id, name' });
  await db.birds.bulkAdd([{ name: 'gull' }, { name: 'tern' }]);
  const counts = [];
  await new Promise((resolve) => {
    liveQuery(() => db.birds.where('name').startsWith('t').count()).subscribe((count) => {
      counts.push(count);
      if (count === 1) db.birds.add({ name: 'teal' });
      else resolve();
    });
  });
  await db.transaction('rw', db.birds, () => db.birds.where('id').above(2).modify({ duck: true }));
  return { counts, birds: await db.birds.orderBy('name').toArray() };
}
globalThis.result = run();
