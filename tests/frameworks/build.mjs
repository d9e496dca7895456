// Bundles the pages that need it: node build.mjs APPS OUT. Run in the folder that has node_modules.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const [apps, out] = process.argv.slice(2);

const solid = {
  name: 'solid',
  setup(build) {
    build.onLoad({ filter: /\.jsx$/ }, async ({ path }) => {
      const { transformAsync } = await import('@babel/core');
      const { default: preset } = await import('babel-preset-solid');
      const { code } = await transformAsync(await readFile(path, 'utf8'), { presets: [preset], filename: path, configFile: false });
      return { contents: code, loader: 'js' };
    });
  },
};

const svelte = {
  name: 'svelte',
  setup(build) {
    build.onLoad({ filter: /\.svelte(\.js)?$/ }, async ({ path }) => {
      const { compile, compileModule } = await import('svelte/compiler');
      const source = await readFile(path, 'utf8');
      const { js } = (path.endsWith('.js') ? compileModule : compile)(source, { generate: 'client', filename: path });
      return { contents: js.code, loader: 'js' };
    });
  },
};

// name of the page: how its bundle differs from the others'
const bundles = {
  react: { source: 'react/app.jsx', alias: { '#router': 'react-router' } },
  react18: {
    source: 'react/app.jsx',
    alias: { '#router': 'react-router-dom', react: 'react18', 'react-dom': 'react-dom18' },
  },
  angular: { source: 'angular/app.ts', tsconfigRaw: { compilerOptions: { experimentalDecorators: true } } },
  svelte: { plugins: [svelte], conditions: ['svelte', 'browser'] },
  solid: { source: 'solid/app.jsx', plugins: [solid] },
  preact: { source: 'preact/app.jsx', splitting: true },
  lit: {},
  backbone: {},
  hotwired: {},
  shoelace: {},
  material: {},
  chartjs: {},
};
for (const name of ['bootstrap', 'codemirror', 'cytoscape', 'dexie', 'editorjs', 'jointjs', 'leaflet', 'notyf', 'pikaday', 'quill']) bundles[name] = { source: `libraries/${name}.js`, loader: { '.css': 'text' } };

await Promise.all(Object.entries(bundles).map(([name, { source = `${name}/app.js`, ...options }]) => build({
  entryPoints: { app: join(apps, source) },
  outdir: join(out, name),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  nodePaths: [join(process.cwd(), 'node_modules')],
  logLevel: 'error',
  ...options,
})));
