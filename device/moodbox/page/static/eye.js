// Whether the camera is awake, on every page.
import { write } from "./words.js";

export function showEye({ watch }) {
  document.getElementById("eye").dataset.camera = watch.camera;
  write(document.getElementById("eye-words"), watch.words);
  write(document.getElementById("eye-short"), watch.short);
}
