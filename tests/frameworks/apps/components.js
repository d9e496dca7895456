// What a page of web components does in plain script: a hash route, data, events.
const json = (url) => fetch(url).then((response) => response.json());
const find = (id) => document.getElementById(id);

export function components({ home, bird }) {
  const pages = {
    home() {
      let count = 0;
      find('root').innerHTML = home;
      json('/data.json').then(({ name }) => { find('name').textContent = name; });
      find('count').addEventListener('click', () => {
        find('count').textContent = `clicked ${++count}`;
        if (count === 2) find('count').insertAdjacentHTML('afterend', '<p id="many">many</p>');
      });
      find('reverse').addEventListener('click', () => find('list').append(...Array.from(find('list').children).reverse()));
      find('field').addEventListener('input', (event) => { find('echo').textContent = event.target.value; });
    },
    bird(name) {
      find('root').innerHTML = `<h1 id="bird">bird ${name}</h1>${bird}<a id="home" href="#/">home</a>`;
      const song = find('song');
      if (song.localName === 'p') json(`/songs/${name}.json`).then((data) => { song.textContent = data.song; });
    },
  };
  const show = () => {
    const name = /^#\/birds\/(\w+)$/.exec(location.hash)?.[1];
    if (name) pages.bird(name);
    else pages.home();
  };
  addEventListener('hashchange', show);
  show();
}
