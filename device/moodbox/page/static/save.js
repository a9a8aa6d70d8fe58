// Save a file without leaving the page: sounding a piece again can take a while, and may fail in a sentence.
import { sentence } from "./ask.js";
import { say } from "./notice.js";
import { write } from "./words.js";

const PATIENCE = 120_000; // milliseconds; three minutes of music are sounded again and coded by a small processor
const saving = new Set(); // addresses

export async function save(link) {
  const { href } = link;
  if (saving.has(href)) return;
  saving.add(href);
  link.setAttribute("aria-busy", "true");
  write(document.getElementById("announce"), "One moment, the file is made.");
  try {
    keep(await fetchFile(href));
    write(document.getElementById("announce"), "The file is saved.");
  } catch (error) {
    say(error.told ?? "The box did not send this file: try again.");
  } finally {
    saving.delete(href);
    for (const each of document.querySelectorAll("[data-save][aria-busy]")) if (each.href === href) each.removeAttribute("aria-busy");
  }
}

async function fetchFile(href) {
  const answer = await fetch(href, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw Object.assign(new Error("refused"), { told: await sentence(answer) });
  const [, name] = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("Content-Disposition"));
  return { name: decodeURIComponent(name), body: await answer.blob() };
}

function keep({ name, body }) {
  const address = URL.createObjectURL(body);
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser copies it meanwhile
}
