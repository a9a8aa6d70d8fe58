// One way: the box sends its view, every part below shows it. Parts never talk to each other.
import { showBox, showColor } from "./box.js";
import { showCamera } from "./camera.js";
import { showChoices } from "./controls.js";
import { showEye } from "./eye.js";
import { showLive } from "./live.js";
import { showMood } from "./mood.js";
import { showPlayer } from "./player.js";
import { showProblems } from "./problems.js";
import { showSeeing } from "./seeing.js";
import { showSong } from "./song.js";
import { listen } from "./stream.js";

const parts = [showEye, showBox, showMood, showPlayer, showSong, showChoices, showLive, showCamera, showSeeing, showProblems];

listen({
  view: (view) => parts.forEach((show) => show(view)),
  light: (color) => showColor(color),
});
