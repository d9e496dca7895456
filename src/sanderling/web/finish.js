// https://webidl.spec.whatwg.org/#define-the-global-property-references
// The last file: every interface is declared, so their code can be made.

import { finishInterfaces } from './webidl/interface.js';

finishInterfaces();
