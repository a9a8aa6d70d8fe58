// Playlists of the owner's that might fit a mood without any: asked for once, when there is such a mood.
import { ask } from "./ask.js";
import { icon, make } from "./make.js";
import { wish } from "./part.js";

let known = null; // { mood: playlists }
let asked = false;

export async function suggest(root) {
  const rooms = [...root.querySelectorAll("[data-suggest]")];
  if (!rooms.length || root.querySelector(".cards") === null) return;
  if (known) return rooms.forEach(fill);
  if (asked) return;
  asked = true;
  try {
    known = (await ask("/spotify/suggestions")).moods;
  } catch {
    return; // they are a help and nothing that anybody asked for; the dialog says what is wrong
  }
  root.querySelectorAll("[data-suggest]").forEach(fill);
}

function fill(room) {
  const label = room.closest("[data-mood]").dataset.mood;
  const fitting = known[label] ?? [];
  room.hidden = fitting.length === 0;
  room.querySelector("ul").replaceChildren(...fitting.map((playlist) => chip(label, playlist)));
}

function chip(label, playlist) {
  const button = make("button", { type: "button" }, icon("add"), make("span", { dir: "auto", text: playlist.name }));
  button.addEventListener("click", () => wish(button, "/spotify/choose", { label, uris: [playlist.uri] }));
  return make("li", {}, button);
}
