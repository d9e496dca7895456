// Compiles App.svelte to App.js, beside it.
import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from 'svelte/compiler';

writeFileSync('App.js', compile(readFileSync('App.svelte', 'utf8'), { generate: 'client' }).js.code);
