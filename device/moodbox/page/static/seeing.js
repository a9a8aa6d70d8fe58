// How seeing works: camera, detector, model, rate, restarts.
import { write } from "./words.js";

const list = document.getElementById("seeing");

export function showSeeing({ watch }) {
  const rows = list.children;
  watch.details.forEach(([term, value], index) => {
    const row = rows[index] ?? list.appendChild(newRow());
    write(row.querySelector("dt"), term);
    write(row.querySelector("dd"), value);
  });
}

function newRow() {
  const row = document.createElement("div");
  row.append(document.createElement("dt"), document.createElement("dd"));
  return row;
}
