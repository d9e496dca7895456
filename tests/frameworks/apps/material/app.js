import '@material/web/button/filled-button.js';
import '@material/web/button/text-button.js';
import '@material/web/textfield/outlined-text-field.js';
import '@material/web/tabs/primary-tab.js';
import '@material/web/tabs/tabs.js';
import '@material/web/checkbox/checkbox.js';
import '@material/web/dialog/dialog.js';
import '@material/web/menu/menu.js';
import '@material/web/menu/menu-item.js';
import { components } from '../components.js';

components({
  home: `
    <md-filled-button id="count">clicked 0</md-filled-button>
    <p id="name">loading</p>
    <ul id="list"><li>gull</li><li>tern</li><li>knot</li></ul>
    <md-text-button id="reverse">reverse</md-text-button>
    <md-outlined-text-field id="field" label="text"></md-outlined-text-field>
    <p id="echo"></p>
    <md-text-button id="to-gull" href="#/birds/gull">gull</md-text-button>`,
  bird: `
    <md-tabs><md-primary-tab>song</md-primary-tab><md-primary-tab>wings</md-primary-tab></md-tabs>
    <p id="song"></p>
    <md-checkbox touch-target="wrapper" checked></md-checkbox>
    <md-dialog><div slot="headline">Gull</div><form slot="content" id="form" method="dialog">A bird.</form></md-dialog>`,
});
