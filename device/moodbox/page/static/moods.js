// The tab Moods: what the box draws, the order of playlists, the dialog that adds one, and what might fit.
import "./dialogs.js";
import "./order.js";
import { showEye } from "./eye.js";
import { follow, showPart } from "./part.js";
import { pick } from "./picker.js";
import { listen } from "./stream.js";
import { suggest } from "./suggest.js";

follow(suggest);

document.getElementById("part").addEventListener("click", (event) => {
  const button = event.target.closest("[data-pick]");
  if (button) pick(button);
});

listen({
  view(view) {
    showEye(view);
    showPart(view);
  },
});
