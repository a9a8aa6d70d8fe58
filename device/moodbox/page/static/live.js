// The live picture with faces and labels: asked for only while it is switched on and on the screen.
import { sentence } from "./ask.js";
import { write } from "./words.js";

const EVERY = 100; // milliseconds: ten pictures a second at most
const REMEMBERED = 30; // readings, to find the one of the picture's own frame
const NEAR = 4; // frames that a reading may be older than its picture
const canvas = document.getElementById("live");
const pen = canvas.getContext("2d");
const toggle = document.getElementById("live-switch");
const readings = new Map();
let switchedOn = false;
let onScreen = false;
let running = false;
let watch = null;

export function showLive(view) {
  watch = view.watch;
  if (view.reading) remember(view.reading);
  refresh();
}

function remember(reading) {
  readings.set(reading.number, reading);
  for (const number of readings.keys()) {
    if (readings.size <= REMEMBERED && number <= reading.number) break;
    if (number !== reading.number) readings.delete(number); // the oldest, and those of a camera before this one
  }
}

function refresh() {
  const seeing = watch?.camera === "seeing";
  if (!switchedOn) return blank("The picture is only made while you look at it here.", "The live picture is off");
  if (!seeing) return blank(watch ? watch.words : "", "No live picture now");
  if (!running) run();
}

function lookedAt() {
  return switchedOn && onScreen && !document.hidden && watch?.camera === "seeing";
}

async function run() {
  running = true;
  let shown = "";
  while (lookedAt()) {
    const begun = performance.now();
    try {
      shown = (await fetchPicture(shown)) ?? shown;
    } catch (error) {
      blank(error.message, "No live picture now");
      await sleep(1000);
    }
    await sleep(Math.max(EVERY - (performance.now() - begun), 10));
  }
  running = false;
}

// Draw the next picture and return its number; null when there is none yet.
async function fetchPicture(shown) {
  const answer = await fetch(`/live.jpg?after=${encodeURIComponent(shown)}`, { cache: "no-store" });
  if (answer.status === 204) return null;
  if (!answer.ok) throw new Error(await sentence(answer));
  const number = Number(answer.headers.get("X-Moodbox-Frame"));
  const picture = await createImageBitmap(await answer.blob());
  if (lookedAt()) paint(picture, number);
  picture.close();
  return number;
}

function paint(picture, number) {
  canvas.width = picture.width;
  canvas.height = picture.height;
  pen.drawImage(picture, 0, 0);
  const reading = near(number);
  if (reading) for (const face of reading.faces) drawFace(face, picture.width / reading.width, picture.height / reading.height);
  write(document.getElementById("live-words"), "");
  canvas.setAttribute("aria-label", describe(reading));
  canvas.dataset.frame = number;
}

function near(number) {
  for (let back = 0; back <= NEAR; back++) if (readings.has(number - back)) return readings.get(number - back);
  return null;
}

function drawFace({ box, word, value }, across, down) {
  const [x, y, w, h] = [box[0] * across, box[1] * down, box[2] * across, box[3] * down];
  const glow = getComputedStyle(document.documentElement).getPropertyValue("--glow");
  const unit = canvas.width / 640;
  pen.lineWidth = 3 * unit;
  pen.strokeStyle = glow;
  pen.shadowColor = glow;
  pen.shadowBlur = 14 * unit;
  pen.beginPath();
  pen.roundRect(x, y, w, h, 14 * unit);
  pen.stroke();
  pen.shadowBlur = 0;
  drawLabel(`${word} ${Math.round(value * 100)} %`, x, y > 40 * unit ? y - 38 * unit : y + h + 8 * unit, unit);
}

function drawLabel(words, x, y, unit) {
  pen.font = `600 ${18 * unit}px system-ui, sans-serif`;
  const width = pen.measureText(words).width + 22 * unit;
  const left = Math.min(Math.max(x, 4 * unit), canvas.width - width - 4 * unit);
  pen.fillStyle = "rgb(9 11 22 / 82%)";
  pen.beginPath();
  pen.roundRect(left, y, width, 30 * unit, 15 * unit);
  pen.fill();
  pen.fillStyle = "#f1f3ff";
  pen.fillText(words, left + 11 * unit, y + 21 * unit);
}

function describe(reading) {
  if (!reading || reading.faces.length === 0) return "Live picture without a face";
  return `Live picture: ${reading.faces.map((face) => `a face that looks ${face.word}`).join(", ")}`;
}

function blank(words, label) {
  pen.clearRect(0, 0, canvas.width, canvas.height);
  delete canvas.dataset.frame;
  if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
  write(document.getElementById("live-words"), words);
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

toggle.addEventListener("click", () => {
  switchedOn = !switchedOn;
  toggle.setAttribute("aria-pressed", String(switchedOn));
  write(toggle.querySelector("span"), switchedOn ? "Hide" : "Show");
  refresh();
});
document.addEventListener("visibilitychange", refresh);
new IntersectionObserver((entries) => {
  onScreen = entries.at(-1).isIntersecting;
  refresh();
}).observe(canvas);
