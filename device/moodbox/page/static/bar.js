// What plays, on a page that is about something else: pause, stop, and in the simulator its sound.
import { choose } from "./ask.js";
import { hear, silence } from "./sound.js";
import { draw, write } from "./words.js";

const $ = (id) => document.getElementById(id);
let playback = null;
let received = 0; // performance.now() when `playback.position` was true

export function showBar(view) {
  playback = view.playback;
  received = performance.now();
  const { sounding } = playback;
  $("bar").hidden = sounding === "silent";
  $("bar").dataset.sounding = sounding;
  write($("bar-title"), playback.title || "Something for you");
  write($("bar-words"), [playback.words, ...playback.artists].join(" · "));
  draw($("bar-pause"), sounding === "paused" ? "play" : "pause");
  write($("bar-pause").querySelector("span"), sounding === "paused" ? "Go on" : "Pause");
  $("bar-pause").disabled = sounding === "preparing";
  if ($("mute")) $("mute").hidden = Boolean(view.song); // it sounds on its speaker then
  if (["playing", "paused"].includes(sounding) && playback.key && !view.song) hear(playback, position);
  else silence();
}

// Seconds into the piece as of now.
function position() {
  const moved = playback.sounding === "playing" ? (performance.now() - received) / 1000 : 0;
  return Math.min(playback.position + moved, playback.seconds);
}

$("bar-pause").addEventListener("click", () => choose("/choose/pause", { paused: playback.sounding === "playing" }));
$("bar-stop").addEventListener("click", () => choose("/press", { gesture: "hold" }));
