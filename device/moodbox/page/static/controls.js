// What the visitor may choose: match or lift, when to watch, the volume, a mood by hand.
import { choose } from "./ask.js";
import { write } from "./words.js";

const HOLD_OFF = 700; // milliseconds in which an older view must not move what was just moved
const SENT_EVERY = 100; // milliseconds while the volume is dragged
const volume = document.getElementById("volume");
const chips = [...document.querySelectorAll("[data-hand]")];
const touched = { strategy: -Infinity, watching: -Infinity, volume: -Infinity }; // performance.now() of the last move
let latest = null;

export function showChoices(view) {
  latest = view;
  showRadio("strategy", view.strategy.value);
  showRadio("watching", view.watching);
  write(document.getElementById("strategy-words"), view.strategy.words);
  for (const chip of chips) chip.setAttribute("aria-pressed", String((view.hand ?? "") === chip.dataset.hand));
  if (settled("volume")) showVolume(Math.round(view.playback.volume * 100));
}

// Remember that the visitor just moved something, and show the truth once the dust has settled.
function touch(name) {
  touched[name] = performance.now();
  setTimeout(() => latest && showChoices(latest), HOLD_OFF + 50);
}

function settled(name) {
  return performance.now() - touched[name] > HOLD_OFF;
}

function showRadio(name, value) {
  if (!settled(name)) return;
  for (const radio of document.querySelectorAll(`input[name="${name}"]`)) radio.checked = radio.value === value;
}

function showVolume(percent) {
  volume.value = percent;
  write(document.getElementById("volume-value"), `${percent} %`);
  volume.setAttribute("aria-valuetext", `${percent} percent`);
}

for (const name of ["strategy", "watching"]) {
  document.getElementById(name).addEventListener("change", (event) => {
    touch(name);
    choose(`/choose/${name}`, { [name]: event.target.value });
  });
}

for (const chip of chips) {
  chip.addEventListener("click", () => choose("/choose/mood", { label: chip.dataset.hand || null }));
}

let sending = 0;
volume.addEventListener("input", () => {
  touch("volume");
  showVolume(Number(volume.value));
  sending ||= setTimeout(() => {
    sending = 0;
    choose("/choose/volume", { volume: Number(volume.value) / 100 });
  }, SENT_EVERY);
});
