// The dialog that adds a playlist to a mood, or bars one: filter your own, search Spotify, or paste a link.
import { ask } from "./ask.js";
import { cover, icon, make } from "./make.js";
import { uris } from "./order.js";
import { draw } from "./part.js";
import { write } from "./words.js";

const LINK = /open\.spotify\.com\/|^spotify:/;
const $ = (id) => document.getElementById(id);
const dialog = $("picker");
const field = $("picker-words");
let library = null; // own and followed playlists, as this window last heard them
let found = null; // what Spotify found, null before a search
let wanted = null; // { label, forbid } of the mood that it was opened for
let taken = new Set(); // URIs that the mood has already

export function pick(button) {
  const card = button.closest("[data-mood]");
  const word = card.querySelector("h3").textContent;
  wanted = { label: card.dataset.mood, word: word.toLowerCase(), forbid: button.dataset.pick === "forbid", opener: button.id };
  write($("picker-title"), wanted.forbid ? `Never play when you look ${wanted.word}` : `Add to ${word}`);
  taken = new Set(wanted.forbid ? [...card.querySelectorAll(".barred [data-uri]")].map((each) => each.dataset.uri) : uris(card.querySelector("[data-order]")));
  found = null;
  field.value = "";
  tell("");
  refuse("");
  dialog.showModal();
  show();
  if (matchMedia("(pointer: fine)").matches) field.focus(); // a phone would cover the list with its keyboard
  if (library === null) look(false);
}

async function look(again) {
  tell("Reading your playlists…");
  $("own-again").setAttribute("aria-busy", "true");
  try {
    library = (await ask("/spotify/library", { again })).playlists;
    tell("");
  } catch (error) {
    refuse(error.message);
    tell("");
  }
  $("own-again").removeAttribute("aria-busy");
  show();
}

// A link is looked up, words are searched for; only when asked, for both cost a call.
async function search() {
  const words = field.value.trim();
  refuse("");
  if (!words) return refuse("Type some words to search for, or paste a link.");
  const link = LINK.test(words);
  tell(link ? "Looking that up…" : "Searching Spotify…");
  $("picker-go").setAttribute("aria-busy", "true");
  try {
    found = (await (link ? ask("/spotify/look-up", { link: words }) : ask("/spotify/search", { words }))).playlists;
    tell(found.length === 1 ? "Found one playlist." : found.length ? `Found ${found.length} playlists.` : "Spotify found no playlist for that.");
  } catch (error) {
    refuse(error.message);
    tell("");
  }
  $("picker-go").removeAttribute("aria-busy");
  show();
  $("results").scrollTop = 0;
}

function show() {
  const link = LINK.test(field.value.trim());
  write($("picker-go").querySelector("span"), link ? "Find this link" : "Search Spotify");
  const words = link ? "" : field.value.trim().toLowerCase();
  const own = (library ?? []).filter((each) => each.name.toLowerCase().includes(words));
  list("own", own);
  write($("own-empty"), own.length || library === null ? "" : library.length ? "None of your playlists has that in its name. Press Enter to search Spotify." : "This account has no playlists yet: search Spotify above, or let the box make one.");
  $("found").hidden = !found?.length;
  list("found", found ?? []);
}

function list(room, playlists) {
  $(room).querySelector("ul").replaceChildren(...playlists.map(row));
}

function row(playlist) {
  const has = taken.has(playlist.uri);
  const verb = wanted?.forbid ? "Bar" : "Add";
  const button = make("button", { type: "button", disabled: has }, icon(has ? "check" : wanted?.forbid ? "never" : "add"), make("span", { text: has ? (wanted.forbid ? "Barred" : "Added") : verb }, make("span", { class: "unseen", text: ` ${playlist.name}` })));
  button.addEventListener("click", () => take(playlist, button));
  const named = make("div", { class: "named" }, make("p", { class: "name", dir: "auto", text: playlist.name }), make("p", { class: "hint", text: playlist.words }));
  if (playlist.whole && !wanted?.forbid) named.append(make("p", { class: "badge", text: "Plays whole, cannot be used for lift" }));
  const item = make("li", { class: "playlist" }, cover(playlist.cover), named, button);
  item.dataset.uri = playlist.uri;
  return item;
}

async function take(playlist, button) {
  button.setAttribute("aria-busy", "true");
  refuse("");
  const { label, forbid, word } = wanted;
  try {
    if (forbid) await ask("/spotify/forbid", { label, uri: playlist.uri });
    else await ask("/spotify/choose", { label, uris: [...taken, playlist.uri] });
    taken.add(playlist.uri);
    tell(forbid ? `${playlist.name} never plays when you look ${word}.` : `${playlist.name} was added to ${word}.`);
    draw();
  } catch (error) {
    refuse(error.message);
  }
  show();
  const next = dialog.querySelector(`[data-uri="${CSS.escape(playlist.uri)}"]`);
  (next?.querySelector("button:not(:disabled)") ?? field).focus({ preventScroll: true });
}

function tell(words) {
  write($("picker-state"), words);
}

function refuse(words) {
  write($("picker-error"), words);
  field.toggleAttribute("aria-invalid", Boolean(words));
}

field.addEventListener("input", show);
$("picker-form").addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
$("own-again").addEventListener("click", () => look(true));
dialog.addEventListener("close", () => document.getElementById(wanted?.opener)?.focus());
