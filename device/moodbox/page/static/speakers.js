// The speakers that Spotify can play on: looked for when somebody asks, because looking costs a call.
import { ask } from "./ask.js";
import { icon, make } from "./make.js";
import { write } from "./words.js";

let offers = null; // as last found in this window
let looking = false;
let words = ""; // why there are none, or what went wrong
let chosen = () => {}; // told after a speaker was taken

export function onSpeaker(follower) {
  chosen = follower;
}

// Fill every list of speakers inside `root`; one with [data-look] looks by itself, once.
export function showSpeakers(root) {
  const rooms = [...root.querySelectorAll("[data-speakers]")];
  if (rooms.some((room) => "look" in room.dataset) && offers === null && !looking) look();
  rooms.forEach(fill);
}

export async function look() {
  looking = true;
  words = "";
  refresh();
  try {
    offers = (await ask("/spotify/speakers")).speakers;
    words = offers.length ? "" : "No speaker answers now. Play a song on one in the Spotify app for a moment, then look again.";
  } catch (error) {
    offers ??= [];
    words = error.message;
  }
  looking = false;
  refresh();
}

async function use(offer, button) {
  button.setAttribute("aria-busy", "true");
  try {
    await ask("/spotify/speaker", { kind: offer.kind, id: offer.id, name: offer.name });
    offers = offers.map((each) => ({ ...each, chosen: each === offer }));
    words = "";
    write(document.getElementById("announce"), `Plays on ${offer.name || offer.words} from now on.`);
    chosen(offer);
  } catch (error) {
    words = error.message;
  }
  refresh();
}

function refresh() {
  document.querySelectorAll("[data-speakers]").forEach(fill);
}

function fill(room) {
  const list = make("ul", { class: "speaker-list" }, ...(offers ?? []).map(row));
  const again = make("button", { type: "button", "aria-busy": String(looking) }, icon("search"), make("span", { text: label() }));
  again.addEventListener("click", () => looking || look());
  const focused = room.contains(document.activeElement) ? document.activeElement.dataset.key ?? "again" : null;
  again.dataset.key = "again";
  room.replaceChildren(...(offers?.length ? [list] : []), make("p", { class: "hint", role: "status", text: looking ? "Looking for speakers…" : words }), make("div", { class: "buttons" }, again));
  if (focused) [...room.querySelectorAll("[data-key]")].find((each) => each.dataset.key === focused)?.focus();
}

function label() {
  if (looking) return "Looking…";
  return offers === null ? "Look for speakers" : "Look again";
}

function row(offer) {
  const named = offer.name && offer.words.startsWith(offer.name);
  const said = make("span", { class: "said" }, make("strong", { text: named ? offer.name : offer.words }), named ? make("span", { class: "hint", text: offer.words.slice(offer.name.length).replace(/^[\s,:·]+/, "") }) : "");
  const state = make("span", { class: "badge", text: offer.chosen ? "Chosen" : offer.here ? "Here" : "Asleep" });
  const button = make("button", { type: "button", "aria-pressed": String(offer.chosen) }, icon(offer.chosen ? "check" : "volume"), said, state);
  button.dataset.key = `${offer.kind} ${offer.id} ${offer.name}`;
  button.addEventListener("click", () => use(offer, button));
  return make("li", {}, button);
}
