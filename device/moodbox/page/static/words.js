// Write words only when they changed: live regions speak every write.
export function write(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}

// Swap the icon of a button.
export function draw(button, name) {
  const use = button.querySelector("use");
  const href = `${document.body.dataset.icons}#${name}`;
  if (use.getAttribute("href") !== href) use.setAttribute("href", href);
}

export function rgb(color) {
  return `rgb(${color.map((level) => Math.round(level * 255)).join(" ")})`;
}
