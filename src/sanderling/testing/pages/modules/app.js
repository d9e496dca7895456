import { clock } from "wader/format";
import { render } from "./render.js";

const { tides } = await import("wader/tides.js");

render(
  document.querySelector("#app"),
  "Tide clock",
  tides.map((tide) => [tide.place, clock(tide.minutes), `${tide.metres.toFixed(1)} m`]),
);
document.documentElement.dataset.module = new URL(import.meta.url).pathname;
