// The part of a page that the box draws: what is pressed there is sent, then the box draws it again.
import { ask, sentence } from "./ask.js";
import { say } from "./notice.js";
import { write } from "./words.js";

const PATIENCE = 15_000; // milliseconds
const SETTLED = 300; // milliseconds without a change
const AGAIN = 300; // milliseconds until a drawing that would have disturbed a hand is tried again
const root = document.getElementById("part");
const followers = [];
const settling = new Map(); // form: timer
const busy = new Set(); // elements whose wish is on its way
let stamp = root.dataset.now;
let shown = ""; // as the box drew it
let drawing = null;
let held = 0; // changes that are shown here already and are on their way to the box

// Call `follower` with the part now and after each drawing.
export function follow(follower) {
  followers.push(follower);
  follower(root);
}

// Draw again when the box says that something here is another than before.
export function showPart(view) {
  const now = view[root.dataset.room ?? "spotify"]?.[root.dataset.stamp];
  if (now === undefined || now === stamp) return;
  stamp = now;
  draw();
}

// Draw again; drawings asked for meanwhile become one more.
export function draw() {
  drawing = drawing ? drawing.then(fetchPart) : fetchPart();
  const mine = drawing;
  return mine.finally(() => mine === drawing && (drawing = null));
}

// Keep what is shown until every `release`; then the box draws what is so.
export function hold() {
  held += 1;
}

export function release() {
  held -= 1;
  shown = "";
  if (!held) draw();
}

async function fetchPart() {
  try {
    const answer = await fetch(root.dataset.part, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) return say(await sentence(answer));
    put(await answer.text());
  } catch {
    // The stream says that the box is gone, and the next view of it draws again.
  }
}

function put(html) {
  if (html === shown || held) return;
  if (root.querySelector("input[type=range]:active")) return void setTimeout(draw, AGAIN);
  shown = html;
  const before = remember();
  root.innerHTML = html; // the box's own template: every word in it is escaped there
  followers.forEach((follower) => follower(root));
  restore(before);
}

function remember() {
  const focus = root.contains(document.activeElement) ? document.activeElement : null;
  const each = (selector) => [...root.querySelectorAll(selector)];
  return {
    place: place(),
    focus: focus && {
      id: focus.id,
      key: focus.dataset.key,
      fold: focus.closest("details")?.id,
      mood: focus.closest("[data-mood]")?.dataset.mood,
      start: focus.selectionStart,
      end: focus.selectionEnd,
    },
    open: each("details[id]").map((fold) => [fold.id, fold.open]),
    menu: root.querySelector(":popover-open")?.id,
    typed: each("input[type=text][id]").filter((field) => field.value !== field.defaultValue).map((field) => [field.id, field.value]),
    invalid: each("[aria-invalid=true][id]").map((field) => field.id),
    errors: each("[data-error]").filter((error) => error.textContent).map((error) => [error.id, error.textContent]),
  };
}

function restore(before) {
  if (before.place !== place()) return document.getElementById("part-title")?.focus();
  for (const [id, open] of before.open) if (document.getElementById(id)) document.getElementById(id).open = open;
  for (const [id, value] of before.typed) if (document.getElementById(id)) document.getElementById(id).value = value;
  for (const [id, words] of before.errors) write(document.getElementById(id), words);
  for (const id of before.invalid) document.getElementById(id)?.setAttribute("aria-invalid", "true");
  if (before.menu) reopen(document.getElementById(before.menu));
  if (before.focus) refocus(before.focus);
}

// It was there already, and need not rise once more.
function reopen(menu) {
  if (!menu) return;
  menu.dataset.still = "true";
  menu.showPopover();
}

// Leave the keyboard where it was, or as near as what is there now allows.
function refocus({ id, key, fold, mood, start, end }) {
  let target = id ? document.getElementById(id) : null;
  if (target?.disabled) target = target.parentElement.querySelector("button:not(:disabled)");
  target ??= key ? [...root.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key) : null;
  target ??= fold ? document.querySelector(`#${CSS.escape(fold)} summary`) : null;
  target ??= mood ? document.getElementById(`add-${mood}`) : null;
  target ??= document.getElementById("part-title");
  target?.focus({ preventScroll: true });
  if (target?.id === id && typeof start === "number") target.setSelectionRange(start, end);
}

function place() {
  return root.firstElementChild?.dataset.place;
}

// Send a wish and draw what came of it; true when the box granted it.
export async function wish(element, path, body) {
  if (busy.has(element)) return false;
  busy.add(element);
  element.setAttribute("aria-busy", "true");
  refuse(element, "");
  try {
    await ask(path, body);
  } catch (error) {
    refuse(element, error.message);
    return false;
  } finally {
    busy.delete(element);
    element.removeAttribute("aria-busy");
  }
  forget(element.closest("form"));
  await draw();
  return true;
}

// What was typed was taken: the box's own drawing says what it became.
function forget(form) {
  for (const field of form?.querySelectorAll("input[type=text]") ?? []) field.value = field.defaultValue;
}

// Say why not: beside the field where there is one, else at the foot of the window.
function refuse(element, words) {
  const room = element.closest("form")?.querySelector("[data-error]");
  if (!room) return words && say(words);
  write(room, words);
  const field = element.closest("form").querySelector("input:not([type=checkbox])");
  if (!field) return;
  if (words) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  if (words) field.focus();
}

function values(form) {
  const read = (field) => {
    if (field.type === "checkbox") return field.checked;
    return field.dataset.type === "percent" ? Number(field.value) / 100 : field.value;
  };
  return Object.fromEntries([...form.elements].filter((field) => field.name).map((field) => [field.name, read(field)]));
}

// A slider is moved in many small steps, and a list looked through: the last value is sent, once the hand rests.
function settle(form) {
  if (!settling.has(form)) hold();
  clearTimeout(settling.get(form));
  settling.set(form, setTimeout(() => sendSettled(form), SETTLED));
}

async function sendSettled(form) {
  if (busy.has(form)) return settle(form);
  settling.delete(form);
  await wish(form, form.dataset.post, values(form));
  release();
}

async function submit(form) {
  const granted = await wish(form, form.dataset.post, values(form));
  if (granted) form.closest("dialog")?.close();
}

async function copy(button) {
  const text = document.getElementById(button.dataset.copy).textContent;
  try {
    await navigator.clipboard.writeText(text);
    write(button.querySelector("span"), "Copied");
  } catch {
    getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    write(button.querySelector("span"), "Marked: copy it");
  }
  write(document.getElementById("announce"), `Copied: ${text}`);
}

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.post) return;
  event.preventDefault();
  submit(event.target);
});
root.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-on=change]");
  if (form) settle(form);
});
root.addEventListener("input", ({ target }) => {
  if (target.type === "range") write(document.getElementById(`${target.id}-value`), `${target.value} %`);
  target.removeAttribute("aria-invalid");
});
root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.post) wish(button, button.dataset.post, JSON.parse(button.dataset.body ?? "{}"));
  if (button?.dataset.copy) copy(button);
});
