// One sentence at the foot of the window when something asked for did not work.
import { write } from "./words.js";

const READABLE = 12_000; // milliseconds that a notice stays
const notice = document.getElementById("notice");
let timer = 0;

export function say(sentence) {
  notice.hidden = false;
  write(document.getElementById("notice-words"), sentence);
  clearTimeout(timer);
  timer = setTimeout(hush, READABLE);
}

export function hush() {
  notice.hidden = true;
  write(document.getElementById("notice-words"), "");
}

document.getElementById("notice-close").addEventListener("click", hush);
