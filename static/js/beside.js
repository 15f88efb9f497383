// Beside the words: the site's own page of what is on the screen, and an outline with everything to see to. The server
// says both, a moment after each pause. Saving comes back to the same place.
const form = document.querySelector("form.shape");
const beside = document.querySelector("[data-beside]");
const list = document.createElement("ol");
beside.querySelector(".outline h2").after(list);
const frame = beside.querySelector("[data-page]");
const PAUSE = 700;
let wait;
let asking = null;
beside.hidden = false;

const tried = beside.querySelector("[data-trial]");
const asked = () => {
  const body = new FormData(form);
  if (tried && trying) {
    body.set("try", "1");
    for (const [name, value] of new FormData(tried)) body.set(`try-${name}`, value);
  }
  return body;
};
let trying = false;
const entries = () => JSON.stringify([...asked()]);
let shown;

const look = async () => {
  const fields = entries();
  if (fields === shown) return;
  asking?.abort();
  asking = new AbortController();
  const answer = await fetch(form.getAttribute("action") || location.pathname, {
    method: "POST", headers: { Accept: "text/x-beside" }, body: asked(), signal: asking.signal,
  }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { outline, page, trial } = await answer.json();
  shown = fields;
  draw(outline);
  if (tried) offer(trial);
  if (frame && page) show(page);
};

const link = (text, href) => Object.assign(document.createElement("a"), { textContent: text, href });
const span = (text, name) => Object.assign(document.createElement("span"), { textContent: text, className: name });

const draw = (outline) => {
  list.replaceChildren(...outline.map(({ id, name, facts, uses, remarks, ruler, problems }) => {
    const item = document.createElement("li");
    item.append(link(name, `#${id}`));
    if (facts) item.append(span(facts, "facts"));
    if (ruler) {
      item.append(scale(ruler));
      const bands = document.getElementById(`${id}-bands`);
      bands?.querySelector(":scope > .scale")?.remove();
      bands?.querySelector(":scope > .list").after(scale(ruler)); // below them: nothing that is about to be clicked moves
    }
    if (remarks) {
      const said = span("", "facts");
      said.append(link(`${remarks} open ${remarks > 1 ? "remarks" : "remark"}`, form.dataset.review));
      item.append(said);
    }
    if (uses?.length) {
      const used = span("", "facts");
      uses.forEach(({ text, url }, place) => used.append(place ? ", " : "", link(text, url)));
      used.append(uses.length > 1 || !uses[0].text.startsWith("1 ") ? " lead here" : " leads here");
      item.append(used);
    }
    if (problems.length) {
      const told = document.createElement("ul");
      told.append(...problems.map((problem) => {
        const each = document.createElement("li");
        each.className = problem.advice ? "advice" : "problem";
        each.append(link(problem.text, `#${problem.id}`));
        return each;
      }));
      item.append(told);
    }
    return item;
  }));
  beside.querySelector("[data-none]").hidden = outline.length > 0;
};

// Three bands on a ruler from 0 to 100, with a mark for each score that some answers reach.
const SVG = "http://www.w3.org/2000/svg";
const drawn = (name, has) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(has)) element.setAttribute(key, value);
  return element;
};
const scale = ({ scores, bands }) => {
  const ends = [...bands.slice(1).map(([, start]) => start - 1), 100];
  const told = bands.map(([name, start], place) => `${name} ${start}\u2013${ends[place]}`).join(" · ");
  const svg = drawn("svg", { viewBox: "-1 0 102 14", role: "img", "aria-label": `${told}. Scores that answers reach: ${scores.join(", ") || "none"}` });
  svg.append(...bands.map(([, start], place) => {
    const width = Math.max(0, ends[place] + 1 - start);
    const reached = scores.some((score) => score >= start && score <= ends[place]);
    return drawn("rect", { x: start - 0.5, y: 3, width, height: 6, class: `band-${place}${reached ? "" : " empty"}` });
  }), ...scores.map((score) => drawn("path", { d: `M${score} 1v10` })));
  const figure = span("", "scale");
  figure.append(svg, span(told, "facts"));
  return figure;
};

// The scores of a draft's result: what an author sets here, nobody answered.
let offered;
const offer = (trial) => {
  tried.hidden = !trial;
  if (!trial) trying = false;
  if (JSON.stringify(trial) === offered || !trial) return;
  offered = JSON.stringify(trial);
  const held = new FormData(tried);
  const contexts = trial.contexts;
  const chosen = contexts.find(({ key }) => key === held.get("context")) ?? contexts[0];
  const parts = [];
  if (contexts.length > 1) {
    const select = Object.assign(document.createElement("select"), { name: "context" });
    select.append(...contexts.map(({ key, label }) => new Option(label, key, false, key === chosen.key)));
    parts.push(labelled("For", select));
  }
  for (const { key, name, flags } of chosen.dimensions) {
    const slider = Object.assign(document.createElement("input"), { type: "range", name: `score-${key}`, min: 0, max: 100 });
    slider.value = held.get(`score-${key}`) ?? 50;
    parts.push(labelled(name, slider));
    if (flags) parts.push(ticked(`raised-${key}`, `${name} raised the flag`, held));
  }
  if (chosen.gate) parts.push(ticked("stopped", "Stopped by the safety question", held));
  const all = document.createElement("div");
  all.append(...parts);
  tried.querySelector("[data-controls]").replaceChildren(all);
  all.hidden = !trying;
};
const labelled = (text, control) => {
  const label = document.createElement("label");
  const value = document.createElement("output");
  label.append(`${text} `, control);
  if (control.type === "range") { value.textContent = control.value; label.append(value); }
  return label;
};
const ticked = (name, text, held) => {
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name, value: "1", checked: held.has(name) });
  const label = document.createElement("label");
  label.append(box, ` ${text}`);
  return label;
};
tried?.addEventListener("input", ({ target }) => {
  if (target.nextElementSibling?.matches("output")) target.nextElementSibling.textContent = target.value;
  if (target.name === "context") offered = "";
  clearTimeout(wait);
  wait = setTimeout(look, 120);
});
tried?.addEventListener("submit", (event) => event.preventDefault());
tried?.addEventListener("click", ({ target }) => {
  if (!target.dataset.view) return;
  trying = target.dataset.view === "result";
  for (const each of tried.querySelectorAll("[data-view]")) each.setAttribute("aria-pressed", each === target);
  tried.querySelector("[data-controls]").firstElementChild.hidden = !trying;
  frame.removeAttribute("srcdoc");
  look();
});

// The first page loads whole; after that only its body changes, so that nothing jumps.
const show = (html) => {
  const inside = frame.contentDocument;
  if (!frame.srcdoc) {
    frame.addEventListener("load", () => {
      frame.contentDocument.addEventListener("click", (event) => event.target.closest("a") && event.preventDefault());
      follow();
    });
    frame.srcdoc = html;
  } else if (inside?.body) {
    inside.body.replaceWith(inside.adoptNode(new DOMParser().parseFromString(html, "text/html").body));
    follow();
  }
};

// While the focus is inside the frame, no style of this page sees it.
for (const type of ["focus", "blur"]) {
  addEventListener(type, () => frame?.classList.toggle("focused", document.activeElement === frame));
}

// The page goes along with the section that is being written.
const follow = () => {
  const row = document.activeElement?.closest?.(".list > .row");
  const anchor = row?.querySelector("[name$='-anchor']")?.value;
  const place = anchor && frame?.contentDocument?.getElementById(anchor);
  if (place) frame.contentWindow.scrollTo({ top: place.offsetTop - 24 });
};
form.addEventListener("focusin", follow);

beside.addEventListener("click", ({ target }) => {
  const width = target.dataset.width;
  if (!width) return;
  frame.classList.toggle("phone", width === "phone");
  for (const each of beside.querySelectorAll("[data-width]")) each.setAttribute("aria-pressed", each === target);
});

const later = () => {
  clearTimeout(wait);
  wait = setTimeout(look, PAUSE);
};
form.addEventListener("input", later);
form.addEventListener("change", later);
new MutationObserver(later).observe(form, { childList: true, subtree: true });
look();

// Where the page was when it was saved: the same rows open, the same place on the screen.
const PLACE = "place of editing";
const top = (element) => element.getBoundingClientRect().top;
form.addEventListener("submit", () => {
  const open = [...form.querySelectorAll("details[open] > summary")].map(({ id }) => id);
  const first = [...form.querySelectorAll("[id]")].find((each) => each.checkVisibility() && top(each) >= 0);
  const at = { path: location.pathname, id: first?.id, top: first && top(first), open, when: Date.now() };
  try { sessionStorage.setItem(PLACE, JSON.stringify(at)); } catch { /* then the page begins at its top */ }
});
try {
  const at = JSON.parse(sessionStorage.getItem(PLACE));
  sessionStorage.removeItem(PLACE);
  if (at?.path === location.pathname && Date.now() - at.when < 60000 && !location.hash) {
    for (const id of at.open) document.getElementById(id)?.parentElement.setAttribute("open", "");
    const first = document.getElementById(at.id);
    if (first) scrollBy({ top: top(first) - at.top });
  }
} catch { /* no place was kept */ }
