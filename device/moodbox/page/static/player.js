// What plays and why; in the simulator this page sounds it as well.
import { choose } from "./ask.js";
import { hear, silence } from "./sound.js";
import { draw, write } from "./words.js";

const $ = (id) => document.getElementById(id);
const main = $("main-action");
let playback = null;
let received = 0; // performance.now() when `playback.position` was true

export function showPlayer(view) {
  playback = view.playback;
  received = performance.now();
  $("music").dataset.sounding = playback.sounding;
  write($("sounding"), playback.words);
  write($("music-title"), playback.title || (playback.sounding === "preparing" ? "Something for you" : "No music yet"));
  write($("why"), playback.why);
  write($("origin"), playback.origin);
  showTransport();
  showPosition();
  const ours = playback.key && !view.song; // a song of Spotify's sounds on its speaker
  if (["playing", "paused"].includes(playback.sounding) && ours) hear(playback, position);
  else silence();
}

function showTransport() {
  const { sounding } = playback;
  const [icon, words] =
    sounding === "playing" ? ["pause", "Pause"] : sounding === "paused" ? ["play", "Go on"] : ["play", sounding === "preparing" ? "One moment" : "Play for me"];
  draw(main, icon);
  write(main.querySelector("span"), words);
  main.disabled = sounding === "preparing";
  $("next").disabled = !["playing", "paused"].includes(sounding);
  $("stop").disabled = sounding === "silent";
}

// Seconds into the piece as of now.
function position() {
  const moved = playback.sounding === "playing" ? (performance.now() - received) / 1000 : 0;
  return Math.min(playback.position + moved, playback.seconds);
}

function showPosition() {
  if (!playback) return;
  $("progress").style.setProperty("--done", playback.seconds ? position() / playback.seconds : 0);
  write($("position"), clock(position()));
  write($("length"), clock(playback.seconds));
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

setInterval(showPosition, 250);
main.addEventListener("click", () => {
  if (playback?.sounding === "playing") choose("/choose/pause", { paused: true });
  else if (playback?.sounding === "paused") choose("/choose/pause", { paused: false });
  else choose("/press", { gesture: "short" });
});
$("next").addEventListener("click", () => choose("/press", { gesture: "short" }));
$("stop").addEventListener("click", () => choose("/press", { gesture: "hold" }));
