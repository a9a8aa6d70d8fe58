// The tab Pieces: what the box draws, which pieces are shown, the question before deleting, and saving.
import "./dialogs.js";
import { ask } from "./ask.js";
import { showBar } from "./bar.js";
import { showEye } from "./eye.js";
import { draw, follow, showPart, wish } from "./part.js";
import { save } from "./save.js";
import { listen } from "./stream.js";
import { write } from "./words.js";

const root = document.getElementById("part");
const dialog = document.getElementById("deleting");
const error = document.getElementById("deleting-error");
let near = []; // ids at one of which the keyboard goes on after the dialog
let strip = { chosen: "", left: 0 }; // of the lists one can choose from: on a phone they do not all fit

// Let the chosen list's chip be seen, and leave the strip where the visitor put it.
follow(() => {
  const chips = root.querySelector(".filters");
  const chip = chips?.querySelector("[aria-current]");
  if (!chip) return;
  const centre = chip.offsetLeft - chips.offsetLeft - (chips.clientWidth - chip.offsetWidth) / 2;
  chips.scrollLeft = chip.id === strip.chosen ? strip.left : centre;
  strip = { chosen: chip.id, left: chips.scrollLeft };
  chips.addEventListener("scroll", () => (strip.left = chips.scrollLeft), { passive: true });
});

root.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-show], a[data-save]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if ("save" in link.dataset) save(link);
  else show(link);
});

root.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.title) return question(form);
  wish(form.querySelector("button"), form.getAttribute("action"), wanted(form));
});

// The same as the form would send, for the box's own way in.
function wanted({ elements }) {
  return "liked" in elements ? { liked: elements.liked.value === "true" } : {};
}

// Show other pieces, or more of them, and leave the address of what is shown.
async function show(link) {
  const { search } = new URL(link.href);
  const last = "more" in link.dataset ? root.querySelector(".pieces > li:last-child").id : "";
  history[last ? "replaceState" : "pushState"](null, "", `/pieces${search}`);
  await drawShown();
  if (last) document.getElementById(last)?.nextElementSibling?.querySelector("button").focus();
  write(document.getElementById("announce"), document.getElementById("part-title").textContent);
}

function drawShown() {
  root.dataset.part = `/pieces/list${location.search}`;
  return draw();
}

function question(form) {
  const row = form.closest("li");
  const beside = [row.nextElementSibling, row.previousElementSibling].map((each) => each?.id);
  near = [row.id, ...beside].filter(Boolean).map((id) => id.replace("row-", "more-"));
  dialog.querySelector("form").setAttribute("action", form.getAttribute("action"));
  write(document.getElementById("deleting-title"), `Delete “${form.dataset.title}”?`);
  write(error, "");
  dialog.showModal();
}

dialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = dialog.querySelector("[type=submit]");
  button.disabled = true;
  try {
    await ask(event.target.getAttribute("action"), { sure: true });
    await draw();
    dialog.close();
    write(document.getElementById("announce"), "The piece is deleted.");
  } catch (failed) {
    write(error, failed.message);
  } finally {
    button.disabled = false;
  }
});

dialog.addEventListener("close", () => {
  const target = near.map((id) => document.getElementById(id)).find(Boolean) ?? document.getElementById("part-title");
  target?.focus();
});

addEventListener("popstate", drawShown);

listen({
  view(view) {
    showEye(view);
    showPart(view);
    showBar(view);
  },
});
