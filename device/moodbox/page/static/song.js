// A song of Spotify's: cover, names, where it plays, and what can be done with it; and the heart, also of a piece of ours.
import "./dialogs.js";
import { choose } from "./ask.js";
import { say } from "./notice.js";
import { look, onSpeaker, showSpeakers } from "./speakers.js";
import { write } from "./words.js";

const $ = (id) => document.getElementById(id);
const dialog = $("speakers");
let song = null;
let heart = null; // what the heart stands for: a song of Spotify's, or a kept piece of the box's own
let mood = "";

export function showSong(view) {
  song = view.song;
  heart = song ? spotifyHeart() : ownHeart(view.pieces);
  mood = view.playback.mood;
  for (const id of ["sleeve", "where"]) $(id).hidden = !song;
  for (const id of ["record", "origin"]) $(id).hidden = Boolean(song);
  if ($("mute")) $("mute").hidden = Boolean(song); // this page does not sound then
  $("like-help").hidden = !song || song.may_like;
  if ($("play-on")) $("play-on").hidden = !view.spotify?.linked;
  write($("artists"), song?.artists ?? "");
  if (song) showDetails();
  else for (const id of ["open-song", "never"]) $(id).hidden = true;
  showHeart();
}

function spotifyHeart() {
  return song.may_like ? { liked: song.liked, path: "/spotify/like", body: { uri: song.uri } } : null;
}

function ownHeart(pieces) {
  return pieces?.key ? { liked: pieces.liked, path: `/pieces/${pieces.key}/like`, body: {} } : null;
}

function showHeart() {
  $("like").hidden = !heart;
  if (!heart) return;
  $("like").setAttribute("aria-pressed", String(heart.liked));
  write($("like").querySelector("span"), heart.liked ? "Liked" : "Like");
}

function showDetails() {
  write($("playlist"), song.playlist);
  write($("speaker"), song.speaker);
  $("playlist").parentElement.hidden = !song.playlist;
  $("speaker").parentElement.hidden = !song.speaker;
  showCover();
  $("never").hidden = !song.label;
  $("open-song").hidden = !song.link;
  if (song.link) $("open-song").href = song.link;
}

function showCover() {
  const picture = $("cover");
  if (song.cover && picture.getAttribute("src") !== song.cover) {
    picture.src = song.cover;
    picture.hidden = false;
  }
  if (!song.cover) {
    picture.removeAttribute("src");
    picture.hidden = true;
  }
}

$("like").addEventListener("click", async () => {
  const { path, body, liked } = heart;
  $("like").setAttribute("aria-busy", "true");
  await choose(path, { ...body, liked: !liked });
  $("like").removeAttribute("aria-busy");
});

$("never").addEventListener("click", async () => {
  const { uri, label, title } = song;
  const word = mood;
  if (await choose("/spotify/forbid", { label, uri })) say(`“${title}” never plays again when you look ${word}. Moods takes it back.`, { good: true });
});

$("play-on")?.addEventListener("click", () => {
  dialog.showModal();
  showSpeakers(dialog);
  look();
});
onSpeaker(() => dialog?.close());
