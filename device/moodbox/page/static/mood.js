// The mood: in words, as a point on the circle, and as seven bars; its colour tints the whole page.
import { rgb, write } from "./words.js";

const RADIUS = 96; // of the circle, in its own units
const SPOKEN_EVERY = 4000; // milliseconds; a face changes faster than anybody wants to be told
const bars = [...document.querySelectorAll("#bars li")];
const dot = document.getElementById("dot");
let spoken = "";
let waiting = 0;

export function showMood({ mood }) {
  document.getElementById("mood").dataset.certainty = mood.certainty;
  write(document.getElementById("look"), mood.words);
  write(document.getElementById("mood-hint"), mood.hint);
  if (mood.color) document.documentElement.style.setProperty("--glow", rgb(mood.color));
  showPoint(mood.point);
  showBars(mood.probabilities);
  speak();
}

function showPoint(point) {
  dot.toggleAttribute("hidden", !point);
  const circle = document.getElementById("circle");
  if (!point) return circle.setAttribute("aria-label", "Circle of moods: no point now");
  dot.style.transform = `translate(${point.valence * RADIUS}px, ${-point.arousal * RADIUS}px)`;
  const pleasant = point.valence < 0 ? "unpleasant" : "pleasant";
  const lively = point.arousal < 0 ? "calm" : "lively";
  const percent = (value) => Math.round(Math.abs(value) * 100);
  circle.setAttribute("aria-label", `Circle of moods: ${percent(point.valence)} % ${pleasant}, ${percent(point.arousal)} % ${lively}`);
}

function showBars(probabilities) {
  const values = new Map(probabilities.map((each) => [each.label, each.value]));
  const first = Math.max(...values.values());
  for (const bar of bars) {
    const value = values.get(bar.dataset.label);
    bar.dataset.first = String(value !== undefined && value === first);
    bar.querySelector(".bar span").style.setProperty("--part", value ?? 0);
    write(bar.querySelector(".value"), value === undefined ? "–" : `${Math.round(value * 100)} %`);
  }
}

// Tell screen readers the words that stayed, not every reading.
function speak() {
  if (waiting) return;
  waiting = setTimeout(() => {
    waiting = 0;
    const words = document.getElementById("look").textContent;
    if (words !== spoken) write(document.getElementById("announce"), (spoken = words));
  }, SPOKEN_EVERY);
}
