// The box: its state in words, and in the simulator its button and its light.
import { choose } from "./ask.js";
import { write } from "./words.js";

const RENEW = 400; // milliseconds; the box lets go by itself when a touch is not renewed for a second
const TAP = 120; // milliseconds that a press without a finger lasts, for screen readers
const box = document.getElementById("box");
const button = document.getElementById("button");
const still = matchMedia("(prefers-reduced-motion: reduce)");
let steady = null; // the state's own colour, for those who want no motion

export function showBox(view) {
  write(document.getElementById("words"), view.words);
  write(document.getElementById("light-words"), view.light.words);
  if (!box) return;
  box.dataset.awake = String(["seeing", "opening"].includes(view.watch.camera));
  steady = view.light.motion === "off" ? [0, 0, 0] : view.light.color;
  if (still.matches) paint(steady);
}

// Paint what the light really shows now.
export function showColor(color) {
  if (box && !still.matches) paint(color);
}

// The panel tells its colour as a screen shows it; here it becomes a hue and a level, so that glass and shelf can glow.
function paint(color) {
  const level = Math.max(...color);
  const hue = color.map((part) => Math.round((level ? part / level : 1) * 255));
  box.style.setProperty("--light", `rgb(${hue.join(" ")})`);
  box.style.setProperty("--level", level.toFixed(3));
}

// Touches are sent one after the other, so that an up never overtakes its down.
let sending = Promise.resolve();
let renewing = 0;

function touch(down) {
  sending = sending.then(() => choose("/touch", { down }));
}

function press() {
  if (renewing) return;
  button.dataset.down = "true";
  touch(true);
  renewing = setInterval(() => touch(true), RENEW);
}

function release() {
  if (!renewing) return;
  clearInterval(renewing);
  renewing = 0;
  delete button.dataset.down;
  touch(false);
}

const isKey = (event) => event.key === " " || event.key === "Enter";

if (button) {
  let handled = -Infinity; // when a finger or key was last up; the click that follows it is the same press
  const up = () => { handled = performance.now(); release(); };
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    press();
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) button.addEventListener(end, up);
  button.addEventListener("keydown", (event) => {
    if (!isKey(event)) return;
    event.preventDefault();
    if (!event.repeat) press();
  });
  button.addEventListener("keyup", (event) => {
    if (!isKey(event)) return;
    event.preventDefault();
    up();
  });
  button.addEventListener("click", () => { // only assistive technology clicks without a finger or key
    if (performance.now() - handled < 500) return;
    press();
    setTimeout(up, TAP);
  });
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  document.addEventListener("visibilitychange", () => document.hidden && up());
}
document.getElementById("press")?.addEventListener("click", () => choose("/press", { gesture: "short" }));
