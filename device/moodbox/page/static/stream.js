// The box's event stream. Read with fetch and not EventSource, which hides why it was refused and when it went silent.
import { sentence } from "./ask.js";
import { write } from "./words.js";

const SILENCE = 25_000; // milliseconds; the box gives a sign of life every ten seconds
const DELAYS = [500, 1000, 2000, 4000]; // milliseconds before each new try
const RELOAD = "moodbox-reloaded"; // when this page last loaded itself again
const lost = document.getElementById("lost");

export async function listen(handlers) {
  let tries = 0;
  for (;;) {
    try {
      await follow(handlers, () => { tries = 0; found(); });
      missing("The box does not answer. Trying again…");
    } catch (error) {
      missing(error.told ?? "The box does not answer. Trying again…");
    }
    await pause(DELAYS[Math.min(tries++, DELAYS.length - 1)]);
  }
}

async function follow(handlers, connected) {
  const stop = new AbortController();
  let watchdog = setTimeout(() => stop.abort(), SILENCE);
  try {
    const answer = await fetch("/stream", { signal: stop.signal, cache: "no-store" });
    if (!answer.ok) await refused(answer);
    connected();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(() => stop.abort(), SILENCE);
      rest = deliver(rest + value, handlers);
    }
  } finally {
    clearTimeout(watchdog);
    stop.abort();
  }
}

// Hand on every whole message and return what is left of the text.
function deliver(text, handlers) {
  const messages = text.split("\n\n");
  const rest = messages.pop();
  for (const message of messages) {
    const lines = message.split("\n");
    const field = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const handler = handlers[field("event")];
    if (handler) handler(JSON.parse(field("data")));
  }
  return rest;
}

async function refused(answer) {
  if (answer.status === 403 && Date.now() - Number(sessionStorage.getItem(RELOAD) ?? 0) > 10_000) {
    sessionStorage.setItem(RELOAD, String(Date.now())); // the box started again: this page's session is over
    location.reload();
  }
  const error = new Error("refused");
  error.told = await sentence(answer);
  throw error;
}

function missing(words) {
  document.body.dataset.lost = "true";
  lost.hidden = false;
  write(lost, words);
}

function found() {
  delete document.body.dataset.lost;
  lost.hidden = true;
  write(lost, "");
}

// Wait, but not when the visitor comes back to the window.
function pause(milliseconds) {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", go);
      resolve();
    };
    const timer = setTimeout(go, milliseconds);
    document.addEventListener("visibilitychange", go);
  });
}
