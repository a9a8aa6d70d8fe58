// Which camera the box looks through, and the visitor's own webcam: only after a click, only while the box looks.
import { choose, send } from "./ask.js";
import { say } from "./notice.js";
import { write } from "./words.js";

const EVERY = 100; // milliseconds: ten frames a second at most
const QUALITY = 0.8;
const WIDEST = 640; // pixels
const HIGHEST = 480;
const $ = (id) => document.getElementById(id);
const select = $("camera");
const video = document.createElement("video");
const canvas = document.createElement("canvas");
let stream = null;
let wanted = false; // whether the box wants frames now
let undecided = false; // "browser" is chosen here but not yet allowed by the visitor
let sending = false;

export function showCamera({ watch }) {
  if (!select) return;
  wanted = watch.wants_frames;
  if (!undecided && document.activeElement !== select) choice(watch.name);
  $("share").hidden = select.value !== "browser";
  showSharing();
  if (wanted && stream && !sending) run();
}

// Show the camera in use; "webcam:0" is the first option that its name starts with.
function choice(name) {
  if (!name) return; // a sleeping camera has none: what was chosen stays
  const names = [...select.options].map((option) => option.value);
  select.value = names.find((each) => each === name) ?? names.find((each) => name.startsWith(`${each}:`)) ?? "";
}

function showSharing() {
  $("share-start").hidden = Boolean(stream);
  $("share-stop").hidden = !stream;
  const state = $("share-state");
  state.dataset.sending = String(Boolean(stream && wanted));
  if (stream) write(state, wanted ? "Sending pictures to the box" : "Your webcam is on; the box is not looking, nothing is sent");
}

async function start() {
  if (!navigator.mediaDevices?.getUserMedia) return refuse("This browser gives pages no webcam here: open the page as http://127.0.0.1 or http://localhost.");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { width: WIDEST, height: HIGHEST, facingMode: "user" } });
  } catch (error) {
    return refuse(reason(error));
  }
  stream.getVideoTracks()[0].addEventListener("ended", () => stop("The webcam was switched off or unplugged."));
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play().catch(() => stop("The webcam gives no pictures."));
  undecided = false;
  if (!(await choose("/camera", { camera: "browser" }))) stop("");
  showSharing();
}

function reason(error) {
  if (error.name === "NotAllowedError") return "The webcam was not allowed: allow it in the browser's address bar and try again.";
  if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "This browser finds no webcam: plug one in and try again.";
  if (error.name === "NotReadableError") return "Another program uses the webcam: close it and try again.";
  return `The webcam cannot be opened (${error.name}).`;
}

function refuse(sentence) {
  showSharing();
  write($("share-state"), sentence);
  say(sentence);
}

function stop(sentence) {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  video.srcObject = null;
  showSharing();
  write($("share-state"), sentence);
}

async function run() {
  sending = true;
  while (stream && wanted) {
    const begun = performance.now();
    try {
      const jpeg = await frame();
      if (jpeg && stream && wanted) await send("/camera/frame", jpeg, "image/jpeg");
    } catch (error) {
      if (wanted && stream) write($("share-state"), error.message);
      await sleep(1000);
    }
    await sleep(Math.max(EVERY - (performance.now() - begun), 10));
  }
  sending = false;
}

// Take one frame as a JPEG no larger than 640x480; null before the webcam's first.
function frame() {
  if (!video.videoWidth) return null;
  const scale = Math.min(1, WIDEST / video.videoWidth, HIGHEST / video.videoHeight);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

select?.addEventListener("change", () => {
  undecided = select.value === "browser" && !stream;
  $("share").hidden = select.value !== "browser";
  if (select.value !== "browser" && stream) stop("");
  if (!undecided) choose("/camera", { camera: select.value });
});
if (select) {
  $("share-start").addEventListener("click", start);
  $("share-stop").addEventListener("click", () => stop("Sharing stopped, your webcam is off. Share it again, or choose another camera above."));
}
