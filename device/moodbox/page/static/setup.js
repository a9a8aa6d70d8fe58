// The tab Setup: what the box draws, the list of speakers, and the time that a door stays open.
import "./dialogs.js";
import { showEye } from "./eye.js";
import { draw, follow, showPart } from "./part.js";
import { onSpeaker, showSpeakers } from "./speakers.js";
import { listen } from "./stream.js";
import { write } from "./words.js";

let ends = 0; // performance.now() when the door closes

follow((root) => {
  const left = root.querySelector("[data-left]");
  ends = left ? performance.now() + Number(left.dataset.left) * 1000 : 0;
  showSpeakers(root);
});
onSpeaker(draw);

setInterval(() => {
  if (!ends) return;
  const seconds = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
  write(document.querySelector("[data-left]"), `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  if (seconds > 0) return;
  ends = 0;
  setTimeout(draw, 500);
}, 250);

listen({
  view(view) {
    showEye(view);
    showPart(view);
  },
});
