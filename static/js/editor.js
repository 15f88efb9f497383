// The Markdown editor takes the Tab key for itself, which traps whoever works by keyboard. Give it back.
document.addEventListener("keydown", (event) => {
  if (event.key === "Tab" && event.target.matches(".markdownx-editor")) event.stopPropagation();
}, true);
