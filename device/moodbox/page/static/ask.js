// Ask the box for a change. The page never assumes that it happened: the next view says so.
import { say } from "./notice.js";

const PATIENCE = 5000; // milliseconds
const token = document.querySelector('meta[name="moodbox-token"]').content;

// Send a body; throws an Error whose message is a sentence for the visitor.
export async function send(path, body, type) {
  const headers = { "Content-Type": type, "X-Moodbox-Token": token };
  let answer;
  try {
    answer = await fetch(path, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    throw new Error("The box does not answer, so nothing was changed.");
  }
  if (!answer.ok) throw new Error(await sentence(answer));
}

// Send a choice; true when the box took it, else the reason is shown.
export async function choose(path, choice) {
  try {
    await send(path, JSON.stringify(choice), "application/json");
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
