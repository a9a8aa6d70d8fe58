// The audio element of the simulator: it follows the box's player and never leads it.
import { say } from "./notice.js";
import { write } from "./words.js";

const DRIFT = 2; // seconds that the element may be off before it jumps
const FADE = 150; // milliseconds of every fade
const STEP = 15; // milliseconds
const audio = document.getElementById("sound");
const hearButton = document.getElementById("hear");
const mute = document.getElementById("mute");
let key = null; // of the piece in the element
let wanted = false; // whether it should sound now
let level = 0; // 0..1
let fading = 0;
let refused = false; // the browser wants a gesture first
let chosen = false; // the owner said whether this page should sound

// Sound what the box plays; `position` tells the seconds into it as of now.
export function hear(playback, position) {
  if (!audio) return;
  level = playback.level;
  if (!chosen) setMute(playback.audible);
  if (playback.key !== key) load(playback.key);
  if (playback.sounding === "paused") return quiet();
  if (audio.readyState >= HTMLMediaElement.HAVE_METADATA) align(position());
  else audio.onloadedmetadata = () => align(position());
  if (!wanted || (audio.paused && !refused && !audio.ended)) start();
  else if (!fading) audio.volume = level;
}

// Fade out and forget the piece.
export function silence() {
  if (!audio) return;
  key = null;
  quiet();
}

// Try again after a gesture: browsers let nothing sound before one.
function follow() {
  if (wanted && refused) start();
}

// The page plays along silently when the machine itself sounds: the same music twice, a little apart, is no music.
function setMute(silent) {
  if (audio.muted === silent) return;
  audio.muted = silent;
  mute.setAttribute("aria-pressed", String(silent));
  write(mute.querySelector("span"), silent ? "Hear it on this page too" : "Mute this page");
}

function load(next) {
  key = next;
  audio.src = `/music/${encodeURIComponent(next)}.wav`;
}

function align(seconds) {
  const late = Math.abs(audio.currentTime - seconds) > DRIFT;
  if (late && !audio.seeking && !audio.ended && seconds < audio.duration - 0.5) audio.currentTime = seconds;
}

async function start() {
  wanted = true;
  audio.volume = 0;
  fade(level);
  try {
    await audio.play();
    refused = false;
  } catch (error) {
    refused = error.name === "NotAllowedError"; // anything else is a load that was overtaken by the next
  }
  hearButton.hidden = !refused || !wanted;
}

function quiet() {
  hearButton.hidden = true;
  if (!wanted) return;
  wanted = false;
  fade(0, () => audio.pause());
}

function fade(target, done = () => {}) {
  clearInterval(fading);
  const from = audio.volume;
  const begun = performance.now();
  fading = setInterval(() => {
    const part = Math.min((performance.now() - begun) / FADE, 1);
    audio.volume = from + (target - from) * part;
    if (part < 1) return;
    clearInterval(fading);
    fading = 0;
    done();
  }, STEP);
}

if (audio) {
  audio.addEventListener("error", () => key && say("This piece cannot be heard in this browser."));
  hearButton.addEventListener("click", start);
  document.addEventListener("pointerup", follow);
  document.addEventListener("keyup", follow);
  mute.addEventListener("click", () => {
    chosen = true;
    setMute(!audio.muted);
  });
}
