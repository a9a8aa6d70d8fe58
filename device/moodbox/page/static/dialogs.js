// Dialogs: opened by [data-open], closed by [data-close], Escape, or a press beside them.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  if (event.target.matches("dialog") && outside(event)) event.target.close();
});

function outside({ target, clientX, clientY, detail }) {
  const box = target.getBoundingClientRect();
  return detail > 0 && (clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom);
}

// A cover that does not come leaves the note that stands behind it.
document.addEventListener("error", (event) => event.target.matches?.(".cover img") && (event.target.hidden = true), true);
