import '@shoelace-style/shoelace/dist/components/button/button.js';
import '@shoelace-style/shoelace/dist/components/input/input.js';
import '@shoelace-style/shoelace/dist/components/tab/tab.js';
import '@shoelace-style/shoelace/dist/components/tab-group/tab-group.js';
import '@shoelace-style/shoelace/dist/components/tab-panel/tab-panel.js';
import '@shoelace-style/shoelace/dist/components/dialog/dialog.js';
import '@shoelace-style/shoelace/dist/components/include/include.js';
import { setBasePath } from '@shoelace-style/shoelace/dist/utilities/base-path.js';
import { components } from '../components.js';

setBasePath('/node_modules/@shoelace-style/shoelace/dist');
components({
  home: `
    <sl-button id="count" variant="primary">clicked 0</sl-button>
    <p id="name">loading</p>
    <ul id="list"><li>gull</li><li>tern</li><li>knot</li></ul>
    <sl-button id="reverse">reverse</sl-button>
    <sl-input id="field" label="text" clearable></sl-input>
    <p id="echo"></p>
    <sl-button id="to-gull" href="#/birds/gull">gull</sl-button>`,
  bird: `
    <sl-tab-group>
      <sl-tab slot="nav" panel="song">song</sl-tab><sl-tab slot="nav" panel="wings">wings</sl-tab>
      <sl-tab-panel name="song"><sl-include id="song" src="/fragments/song"></sl-include></sl-tab-panel>
      <sl-tab-panel name="wings">two</sl-tab-panel>
    </sl-tab-group>
    <sl-dialog label="Gull">A bird.</sl-dialog>`,
});
