// Make elements out of values; words are always text and never markup.
export function make(name, { text = "", ...attributes } = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null) element.setAttribute(key, value);
  }
  element.append(...(text ? [text] : []), ...children);
  return element;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

// A small cover; the note behind it shows while there is none.
export function cover(path) {
  const frame = make("span", { class: "cover small", "aria-hidden": "true" }, icon("note"));
  if (path) frame.append(make("img", { src: path, alt: "", loading: "lazy" }));
  return frame;
}
