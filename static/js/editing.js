// An editing form works without this file: each of its buttons posts it. Here the buttons of rows act at once and the page
// stays where it is, a link to a field opens the rows around it, and sections are found by typing.
const form = document.querySelector("form.shape");

// The Markdown editor takes the Tab key for itself, which traps whoever works by keyboard. Give it back.
document.addEventListener("keydown", (event) => {
  if (event.key === "Tab" && event.target.matches(".markdownx-editor")) event.stopPropagation();
}, true);

const rowsOf = (list) => [...list.children].filter((row) => row.matches("details"));

// Rows are called by their place: "Question 4". Those of a fixed list never move.
const renumber = (list) => {
  const rows = rowsOf(list);
  rows.forEach((row, place) => {
    const called = row.querySelector(".called");
    called.textContent = called.textContent.replace(/\d+$/, place + 1);
  });
  list.parentElement.querySelector(".count").textContent = rows.length;
};

const move = (row, way, button) => {
  if (way === "up") row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  renumber(row.parentElement);
  button.focus();
  row.scrollIntoView({ block: "nearest" });
};

const remove = (row) => {
  const list = row.parentElement;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  renumber(list);
  (next?.querySelector("summary") ?? list.parentElement).focus();
};

// The server alone knows what a row looks like: it answers the same form with the new row and nothing else.
const add = async (button) => {
  const list = button.closest("fieldset").querySelector(":scope > .list");
  button.dataset.busy = "";
  const answer = await fetch(form.action, {
    method: "POST", headers: { Accept: "text/x-row" }, body: new FormData(form, button),
  }).catch(() => null).finally(() => delete button.dataset.busy);
  if (!answer?.ok || answer.redirected) return form.requestSubmit(button);
  list.insertAdjacentHTML("beforeend", await answer.text());
  renumber(list);
  startEditors();
  list.lastElementChild.querySelector(".inside :is(input:not([type=hidden]), textarea, select, button)").focus();
};

// django-markdownx looks for its editors once, when its file runs, and exports nothing: for new rows the file runs again.
// It passes over those that it has started.
const startEditors = () => {
  const source = document.querySelector("script[src*='/markdownx']")?.src;
  if (source) document.head.append(Object.assign(document.createElement("script"), { src: source }));
};

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (!button) return;
  const [way, list] = button.value.split(" ");
  const row = button.parentElement.matches(".moves") && button.closest("details");
  const adds = way === "add" && document.getElementById(`id-${list}`).matches(".parts");
  if (!row && !adds) return; // an optional part: the page comes anew
  event.preventDefault();
  if (adds) "busy" in button.dataset || add(button);
  else if (way === "remove") remove(row);
  else move(row, way, button);
});

// A link to a field opens the rows around it.
const reveal = (id) => {
  const target = document.getElementById(id);
  for (let each = target; each; each = each.parentElement) if (each.matches("details")) each.open = true;
  target?.focus();
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#id-']");
  if (link) reveal(link.hash.slice(1));
});
if (location.hash) reveal(location.hash.slice(1));

// Sections: one list for the whole page, filled from the server, so that the page does not grow with the course.
const found = document.getElementById("sections");
let wait;
form.addEventListener("input", ({ target }) => {
  if (target.getAttribute("list") !== "sections" || !found.dataset.find) return;
  clearTimeout(wait);
  wait = setTimeout(async () => {
    const answer = await fetch(`${found.dataset.find}?q=${encodeURIComponent(target.value)}`).catch(() => null);
    const { sections } = answer?.ok ? await answer.json() : { sections: [] };
    found.replaceChildren(...sections.map(([value, label]) => Object.assign(new Option(), { value, label })));
  }, 150);
});
