// Put playlists in order: drag the grip, or press up and down.
import { choose } from "./ask.js";
import { hold, release } from "./part.js";
import { write } from "./words.js";

const root = document.getElementById("part");
let drag = null; // { item, list, before }
let line = Promise.resolve(); // changes are sent one after the other: the last one must win

export function uris(list) {
  return [...(list?.querySelectorAll("[data-uri]") ?? [])].map((item) => item.dataset.uri);
}

// Send the order that is shown now; the box's own drawing follows, also when it was refused.
function save(list, words) {
  const wanted = { label: list.closest("[data-mood]").dataset.mood, uris: uris(list) };
  write(document.getElementById("announce"), words);
  hold();
  line = line.then(() => choose("/spotify/choose", wanted)).finally(release);
}

function name(item) {
  return item.querySelector(".name").textContent;
}

root.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest(".grip");
  if (!grip || event.button !== 0) return;
  event.preventDefault();
  const item = grip.closest("[data-uri]");
  drag = { item, list: item.parentElement, before: uris(item.parentElement).join() };
  item.dataset.dragging = "true";
  drag.list.setPointerCapture(event.pointerId); // not the grip: what is moved in the document loses its capture
  hold();
});

root.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const others = [...drag.list.children].filter((each) => each !== drag.item);
  const next = others.find((each) => event.clientY < middle(each)) ?? null;
  if (drag.item.nextElementSibling !== next) drag.list.insertBefore(drag.item, next);
});

function middle(element) {
  const box = element.getBoundingClientRect();
  return box.top + box.height / 2;
}

function drop() {
  if (!drag) return;
  const { item, list, before } = drag;
  drag = null;
  delete item.dataset.dragging;
  if (uris(list).join() !== before) save(list, `${name(item)} is now number ${[...list.children].indexOf(item) + 1}.`);
  release();
}
for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) root.addEventListener(end, drop);

root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move], [data-remove]");
  if (!button) return;
  const item = button.closest("[data-uri]");
  const list = item.parentElement;
  if ("remove" in button.dataset) return remove(item, list);
  const down = button.dataset.move === "1";
  const other = down ? item.nextElementSibling : item.previousElementSibling;
  if (!other) return;
  list.insertBefore(item, down ? other.nextElementSibling : other);
  button.focus();
  save(list, `${name(item)} is now number ${[...list.children].indexOf(item) + 1}.`);
});

function remove(item, list) {
  const card = list.closest("[data-mood]").dataset.mood;
  item.remove();
  save(list, `${name(item)} was removed.`);
  document.getElementById(`add-${card}`).focus({ preventScroll: true });
}
