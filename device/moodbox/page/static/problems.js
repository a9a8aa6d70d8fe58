// Problems as cards: the cause and one thing to do. They go when the problem does.
import { icon } from "./make.js";

const room = document.getElementById("problems");
let shown = null;

export function showProblems({ problems }) {
  const now = JSON.stringify(problems);
  if (now === shown) return;
  shown = now;
  room.hidden = problems.length === 0;
  room.replaceChildren(...problems.map(card));
}

function card({ key, cause, action }) {
  const article = document.createElement("article");
  article.className = "problem glass";
  article.dataset.key = key;
  const said = document.createElement("div");
  said.append(part("h2", cause), part("p", action));
  article.append(icon("warning"), said);
  return article;
}

// Words between back-ticks are commands.
function part(name, words) {
  const element = document.createElement(name);
  words.split("`").forEach((piece, index) => {
    const inner = document.createElement(index % 2 ? "code" : "span");
    inner.textContent = piece;
    element.append(inner);
  });
  return element;
}
