// Nothing typed is lost: a copy stays in this browser until the server has it, and the server has it a moment after each
// pause. Whatever could not be saved is offered back when the page is opened again.
const form = document.querySelector("form.shape");
const said = document.querySelector("[data-kept]");
const offer = document.querySelector("[data-offer]");
const PAUSE = 2000, HEARTBEAT = 20000, OWN = new Set(["csrfmiddlewaretoken", "revision"]);

const address = () => form.getAttribute("action") || location.pathname;
const name = () => `draft ${address()}`;
const now = () => JSON.stringify([...new FormData(form)].filter(([field]) => !OWN.has(field)));
const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

let server = now(); // what the server has of this page
let stored = true; // whether this browser could keep the rest
let sending = null;
let pause;

const read = () => {
  try { return JSON.parse(localStorage.getItem(name())); } catch { return null; }
};
const forget = () => {
  try { localStorage.removeItem(name()); } catch { /* a browser that keeps nothing has nothing to forget */ }
};

const keep = () => {
  const fields = now();
  if (fields === server) return forget();
  try {
    localStorage.setItem(name(), JSON.stringify({ at: Date.now(), revision: form.elements.revision.value, fields }));
    stored = true;
  } catch {
    stored = false;
  }
};

const tell = (text) => { if (said.textContent !== text) said.textContent = text; };

// Saves what is on the page. Resolves to the page with both texts, if somebody else changed the same words.
const save = async (keepalive = false) => {
  if (sending) await sending;
  const fields = now();
  if (fields === server) return "";
  sending = send(fields, keepalive).finally(() => { sending = null; });
  return sending;
};

const send = async (fields, keepalive) => {
  const answer = await fetch(address(), {
    method: "POST", headers: { Accept: "application/json" }, body: new FormData(form), keepalive,
  }).catch(() => null);
  if (!answer?.ok || answer.redirected) {
    const why = answer?.status === 403 ? "You were logged out, or the page is too old. Press Save and log in."
      : "The server cannot be reached or is busy. It is tried again.";
    tell(stored ? `Kept in this browser only. ${why}` : `Not saved. ${why}`);
    if (answer?.status !== 403) later(HEARTBEAT);
    return "";
  }
  const kept = await answer.json();
  if (kept.address !== address()) { // the first save of a new draft: from now on it has a page of its own
    forget();
    form.action = kept.address;
    history.replaceState(null, "", kept.address);
  }
  form.elements.revision.value = kept.revision;
  server = fields;
  keep();
  if (!kept.clashes) tell(`Saved at ${clock(Date.now())}. Readers see nothing of it yet.`);
  else both(kept.address + kept.clashes);
  return kept.clashes && kept.address + kept.clashes;
};

const both = (url) => {
  const link = Object.assign(document.createElement("a"), { href: url, textContent: "See both texts" });
  said.replaceChildren("Somebody else changed the same words. Both texts are kept. ", link, ".");
};

const later = (wait = PAUSE) => {
  clearTimeout(pause);
  pause = setTimeout(() => save(), wait);
};

let writing;
const changed = () => {
  clearTimeout(writing);
  writing = setTimeout(() => { keep(); if (now() !== server) later(); }, 200);
};

if (!form.querySelector("fieldset[disabled]")) {
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  // Rows come, go and move without an input of their own.
  new MutationObserver(changed).observe(form, { childList: true, subtree: true });

  // The server gets the text before the page goes: then a failure on the way loses nothing.
  form.addEventListener("submit", (event) => {
    if ("going" in form.dataset || event.submitter?.formTarget || now() === server) return;
    event.preventDefault();
    const { submitter } = event;
    save().then((both) => {
      if (both) return location.assign(both);
      form.dataset.going = "";
      form.requestSubmit(submitter);
    });
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const stays = !link || link.target || link.hash || event.ctrlKey || event.metaKey || event.shiftKey;
    if (stays || event.button || now() === server) return;
    event.preventDefault();
    await save();
    location.assign(link.href);
  });
  addEventListener("pagehide", () => { keep(); save(true); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) { keep(); save(true); } });
  // Only where something would really be lost.
  addEventListener("beforeunload", (event) => { if (!stored && now() !== server) event.preventDefault(); });

  const copy = read();
  if (copy && copy.fields !== server) {
    offer.hidden = false;
    offer.querySelector("[data-at]").textContent = `${new Date(copy.at).toLocaleDateString()}, ${clock(copy.at)}`;
    offer.addEventListener("click", ({ target }) => {
      if (target.matches("[data-back]")) bring(copy);
      if (target.matches("[data-drop]")) { forget(); offer.hidden = true; form.querySelector("input, textarea")?.focus(); }
    });
  } else if (copy) forget();

  addEventListener("pageshow", () => { delete form.dataset.going; });
}

// The copy goes to the server as if it had been sent then: what others did since is merged with it.
const bring = ({ revision, fields }) => {
  const again = Object.assign(document.createElement("form"), { method: "post", hidden: true });
  const token = form.elements.csrfmiddlewaretoken.value;
  for (const [field, value] of [["csrfmiddlewaretoken", token], ["revision", revision], ...JSON.parse(fields)]) {
    again.append(Object.assign(document.createElement("textarea"), { name: field, value }));
  }
  document.body.append(again);
  forget();
  again.submit();
};

// Who else is here, and whether they saved since this text began.
const here = form.dataset.open && document.querySelector("[data-here]");
const beat = async () => {
  const body = new FormData();
  for (const field of OWN) body.set(field, form.elements[field].value);
  const answer = await fetch(form.dataset.open, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { others, saved } = await answer.json();
  const parts = [
    others.length && `${others.join(", ")} ${others.length > 1 ? "have" : "has"} this page open too.`,
    saved.length && `${saved.join(", ")} saved since you opened it. What only one of you changed is joined when you save.`,
  ].filter(Boolean);
  const text = parts.join(" ");
  if (here.textContent !== text) here.textContent = text;
};
if (here) {
  beat();
  setInterval(beat, HEARTBEAT);
}
