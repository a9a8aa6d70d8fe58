// One sentence at the foot of the window when something asked for did not work, or when it did and nothing else shows it.
import { write } from "./words.js";

const READABLE = 12_000; // milliseconds that a notice stays
const notice = document.getElementById("notice");
let timer = 0;

export function say(sentence, { good = false } = {}) {
  notice.hidden = false;
  notice.dataset.good = String(good);
  write(document.getElementById("notice-words"), sentence);
  clearTimeout(timer);
  timer = setTimeout(hush, READABLE);
}

export function hush() {
  notice.hidden = true;
  write(document.getElementById("notice-words"), "");
}

document.getElementById("notice-close").addEventListener("click", hush);
