// An editing form works without this file: each of its buttons posts it. Here the buttons of rows act at once and the page
// stays where it is, a link to a field opens the rows around it, and reasons are found by typing.
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

// Reasons that this quiz gives elsewhere, those for the same section first, while one is typed.
const isReason = (field) => field.matches?.("textarea[name$='-why']");
const toOf = (field) => form.elements[field.name.replace(/why$/, "to")]?.value;
const offer = ({ target }) => {
  if (!isReason(target)) return;
  const typed = target.value.trim().toLowerCase();
  const others = [...form.querySelectorAll("textarea[name$='-why']")].filter((each) => each !== target && each.value.trim());
  others.sort((one, other) => (toOf(other) === toOf(target)) - (toOf(one) === toOf(target)));
  const reasons = [...new Set(others.map(({ value }) => value.trim()))]
    .filter((reason) => reason.toLowerCase().includes(typed) && reason.toLowerCase() !== typed).slice(0, 4);
  target.parentElement.querySelector(".offered")?.remove();
  if (!reasons.length) return;
  const list = Object.assign(document.createElement("ul"), { className: "offered" });
  list.setAttribute("aria-label", "Reasons given elsewhere");
  list.append(...reasons.map((reason) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "small", textContent: reason });
    button.addEventListener("click", () => {
      target.value = reason;
      target.dispatchEvent(new Event("input", { bubbles: true }));
      list.remove();
      target.focus({ preventScroll: true });
      target.parentElement.querySelector(".offered")?.remove();
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
  target.after(list);
};
form.addEventListener("focusin", offer);
form.addEventListener("input", offer);
form.addEventListener("focusout", ({ target, relatedTarget }) => {
  const field = target.closest(".field");
  if (field && !field.contains(relatedTarget)) field.querySelector(".offered")?.remove();
});

// A folded row goes on telling what its fields hold.
form.addEventListener("change", ({ target }) => {
  const field = target.closest("[data-told]");
  if (!field) return;
  const labels = (each) => [...each.labels].map(({ textContent }) => textContent.trim()).join(" ");
  const chosen = [...field.querySelectorAll("input:checked")].map(labels);
  const legend = field.querySelector(":scope > legend")?.textContent.trim();
  const selected = target.matches("select") && target.value ? [target.selectedOptions[0].textContent] : [];
  const text = [...selected, ...chosen].join(", ");
  document.getElementById(field.dataset.told).textContent = text && legend ? `${legend} ${text}` : text;
});

// Alt with an arrow moves the row whose line, or whose field, has the focus.
form.addEventListener("keydown", (event) => {
  const way = event.altKey && { ArrowUp: "up", ArrowDown: "down" }[event.key];
  const row = way && event.target.closest("details.row:has(> .inside > .moves)");
  if (!row) return;
  event.preventDefault();
  move(row, way, event.target);
});
