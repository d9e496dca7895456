// https://webidl.spec.whatwg.org/#idl-names
// The end of what is evaluated for the plan of the interfaces.

import { planText } from './plan.js';

globalThis.sanderlingPlan = planText();
