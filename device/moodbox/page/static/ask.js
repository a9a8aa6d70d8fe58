// Ask the box for a change. The page never assumes that it happened: the next view says so.
import { say } from "./notice.js";

const PATIENCE = 5000; // milliseconds
const SPOTIFY = 15_000; // milliseconds; the box itself waits ten seconds for Spotify
const token = document.querySelector('meta[name="moodbox-token"]').content;

// Send a body and return the answer; throws an Error whose message is a sentence for the visitor.
export async function send(path, body, type) {
  const headers = { "Content-Type": type, "X-Moodbox-Token": token };
  const patience = path.startsWith("/spotify/") ? SPOTIFY : PATIENCE;
  let answer;
  try {
    answer = await fetch(path, { method: "POST", body, headers, signal: AbortSignal.timeout(patience) });
  } catch (error) {
    const late = error.name === "TimeoutError" && patience === SPOTIFY;
    throw new Error(late ? "This took too long: look whether it was done, and try again." : "The box does not answer, so nothing was changed.");
  }
  if (!answer.ok) throw new Error(await sentence(answer));
  return answer;
}

// Ask for something and return what the box says; throws as `send` does.
export async function ask(path, wish = {}) {
  const answer = await send(path, JSON.stringify(wish), "application/json");
  return answer.status === 204 ? null : answer.json();
}

// Send a choice; true when the box took it, else the reason is shown.
export async function choose(path, choice) {
  try {
    await ask(path, choice);
    return true;
  } catch (error) {
    say(error.message);
    return false;
  }
}

// Read the sentence of a refusal.
export async function sentence(answer) {
  const told = await answer.json().catch(() => ({}));
  return told.error ?? `The box refused this (${answer.status}).`;
}
