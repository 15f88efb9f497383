// Every page works without this file. It makes leaving faster, and reading a little easier.
"use strict";

// Leaving: blank the page at once, leave no entry for Back, and remember it for pages that Back may still show.
const LEFT = "left";

function leave() {
  sessionStorage.setItem(LEFT, "1");
  document.title = "";
  document.body.replaceChildren();
  location.replace("/exit/");
}

document.querySelector(".leave").addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});

let shifts = [];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Shift") {
    shifts = [];
  } else if (!event.repeat) {
    shifts = [...shifts, event.timeStamp].filter((time) => event.timeStamp - time < 1500);
    if (shifts.length > 2) leave();
  }
});

addEventListener("pageshow", (event) => {
  const [entry] = performance.getEntriesByType("navigation");
  const back = event.persisted || (entry && entry.type === "back_forward");
  if (!sessionStorage.getItem(LEFT)) return;
  if (back && document.querySelector("[data-personal]")) leave();
  else if (!back) sessionStorage.removeItem(LEFT);
});

// A lesson begins to load while its link is still being pressed: sooner, and nothing that is not wanted. Never a quiz.
const LESSON = /^\/(?!quizzes|admin)[a-z-]+\/[a-z0-9-]+\/$/;

document.addEventListener("pointerdown", ({ target }) => {
  const link = target.closest("a[href]");
  if (!link || link.origin !== location.origin || link.pathname === location.pathname || !LESSON.test(link.pathname)) return;
  const hint = document.createElement("link");
  hint.rel = "prefetch";
  hint.href = link.pathname;
  document.head.append(hint);
}, { passive: true });

// Light or dark: by system, unless the reader says otherwise. Kept in this browser, in no cookie.
const theme = document.querySelector(".theme");
if (theme) {
  const root = document.documentElement;
  const buttons = [...theme.querySelectorAll("button")];
  const show = (choice) => {
    if (choice) root.dataset.theme = choice;
    else delete root.dataset.theme;
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.value === choice)));
  };
  show((localStorage.getItem("theme") || "").replace("auto", "")); // the admin, which shares the choice, says auto
  theme.hidden = false;
  theme.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.value) localStorage.setItem("theme", button.value);
    else localStorage.removeItem("theme");
    show(button.value);
  });
}

// A lesson: mark in the contents list what is being read, and draw the gold line as far as the text was read.
const prose = document.querySelector(".lesson .prose");
if (prose) {
  const links = new Map(
    [...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]),
  );
  const sections = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const line = document.querySelector(".read-line");
  let waiting = false;
  const update = () => {
    waiting = false;
    const edge = innerHeight * 0.35;
    const current = sections.filter((section) => section.getBoundingClientRect().top < edge).pop();
    links.forEach((link, id) => {
      if (current && id === current.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    const { top, bottom } = prose.getBoundingClientRect();
    const from = Math.max(0, scrollY + top - innerHeight);
    const read = (scrollY - from) / (scrollY + bottom - innerHeight - from);
    line.style.setProperty("transform", `scaleX(${Math.min(1, Math.max(0, read))})`);
  };
  addEventListener("scroll", () => {
    if (!waiting) requestAnimationFrame(update);
    waiting = true;
  }, { passive: true });
  update();

  // The # beside a heading copies the section's address.
  prose.addEventListener("click", async (event) => {
    const anchor = event.target.closest(".anchor");
    if (!anchor || !navigator.clipboard) return;
    await navigator.clipboard.writeText(anchor.href);
    anchor.dataset.copied = "copied";
    setTimeout(() => delete anchor.dataset.copied, 2000);
  });
}
