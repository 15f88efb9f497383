// Comfort while writing: a toolbar and its keys, pictures and drawings with their text alternative, formatted paste that
// becomes Markdown, counters, and keys and anchors proposed. Everything can be typed by hand as well.
const form = document.querySelector("form.shape");
const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

// Puts text where the cursor is, so that the browser's own undo takes it back.
const put = (field, text) => {
  field.focus();
  if (!document.execCommand("insertText", false, text)) field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  changed(field);
};
const selected = (field) => field.value.slice(field.selectionStart, field.selectionEnd);

const around = (mark) => (field) => {
  const text = selected(field);
  const at = field.selectionStart;
  put(field, `${mark}${text}${mark}`);
  if (!text) field.setSelectionRange(at + mark.length, at + mark.length);
};
const lines = (begin) => (field) => {
  const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const found = field.value.indexOf("\n", field.selectionEnd);
  field.setSelectionRange(start, found < 0 ? field.value.length : found);
  put(field, selected(field).split("\n").map((line, place) => begin(place) + line).join("\n"));
};
const block = (field, text) => {
  const before = field.value.slice(0, field.selectionStart).trimEnd();
  const after = field.value.slice(field.selectionEnd).trimStart();
  put(field, `${before ? "\n\n" : ""}${text}${after ? "\n\n" : ""}`);
};

const TOOLS = [
  ["Bold", "b", around("**")],
  ["Italic", "i", around("_")],
  ["List", "", lines(() => "- ")],
  ["Numbers", "", lines((place) => `${place + 1}. `)],
  ["Quote", "", lines(() => "> ")],
  ["Heading", "", lines(() => "### ")],
  ["Link…", "k", (field) => panel(field, "link")],
  ["Picture…", "", (field) => panel(field, "picture")],
  ["Drawing…", "", (field) => panel(field, "drawing")],
];

const made = (tag, has, ...inside) => {
  const element = Object.assign(document.createElement(tag), has);
  element.append(...inside);
  return element;
};

const equip = () => {
  for (const holder of form.querySelectorAll(".markdownx:not([data-equipped])")) {
    holder.dataset.equipped = "";
    const field = holder.querySelector("textarea");
    const bar = made("div", { className: "bar" });
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Form of the text");
    for (const [name, key, act] of TOOLS) {
      const button = made("button", { type: "button", className: "small", textContent: name });
      if (key) button.title = `Ctrl+${key.toUpperCase()}`;
      button.addEventListener("click", () => act(field));
      bar.append(button);
    }
    holder.before(bar);
  }
};
equip();
new MutationObserver(equip).observe(form, { childList: true, subtree: true });

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "s") {
    event.preventDefault();
    form.requestSubmit(form.querySelector(".submit-row .default"));
  }
  const tool = event.target.matches?.(".markdownx-editor") && TOOLS.find((each) => each[1] === key);
  if (tool) {
    event.preventDefault();
    tool[2](event.target);
  }
});

// A link, a picture or a drawing is described in a small panel under the toolbar; nothing is typed before it is whole.
const panel = (field, kind, file = null) => {
  const bar = field.closest(".markdownx").previousElementSibling;
  bar.querySelector(".panel")?.remove();
  const text = (label, name, has = {}) => made("label", {}, `${label} `, made("input", { type: "text", name, ...has }));
  const said = made("p", { className: "problems" });
  said.setAttribute("role", "alert");
  const own = made("fieldset", { className: "panel" });
  const parts = { link: () => linkParts(text, field), picture: () => pictureParts(text, file), drawing: () => drawingParts(text) };
  const done = made("button", { type: "button", className: "small", textContent: "Insert" });
  const close = made("button", { type: "button", className: "small", textContent: "Close" });
  own.append(...parts[kind](), said, done, close);
  const at = [field.selectionStart, field.selectionEnd];
  const leave = () => { own.remove(); field.focus(); field.setSelectionRange(...at); };
  close.addEventListener("click", leave);
  own.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    if (event.key === "Enter" && event.target.matches("input[type=text]")) { event.preventDefault(); done.click(); }
  });
  // What stands here belongs to no field: it is neither saved nor sent.
  for (const each of own.querySelectorAll("input, select")) each.setAttribute("form", "no-form");
  for (const type of ["input", "change"]) own.addEventListener(type, (event) => event.target.matches("[list]") || event.stopPropagation());
  done.addEventListener("click", async () => {
    said.textContent = "";
    try {
      const [insert, written] = await INSERTS[kind](own, field);
      leave();
      insert(field, written);
    } catch (problem) {
      said.textContent = problem.message;
    }
  });
  bar.append(own);
  (own.querySelector("input:not([type=file]):placeholder-shown, input:not([type=file])") ?? own).focus();
};
const valueOf = (own, name) => own.querySelector(`[name="${name}"]`).value.trim();
const needed = (own, name, message) => {
  const value = valueOf(own, name);
  if (!value) throw new Error(message);
  return value;
};

const linkParts = (text, field) => [
  text("Words", "panel-words", { value: selected(field) }),
  (() => {
    const label = text("Section or address", "panel-to", { autocomplete: "off" });
    label.querySelector("input").setAttribute("list", "sections");
    return label;
  })(),
];
const pictureParts = (text, file) => {
  const choose = made("input", { type: "file", name: "panel-file", accept: "image/*" });
  if (file) {
    const held = new DataTransfer();
    held.items.add(file);
    choose.files = held.files;
  }
  const here = made("fieldset", { className: "here-already", hidden: true }, made("legend", { textContent: "Or one that is here already" }));
  if (!file) offerPictures(here, choose).catch(() => { /* a picture can still be sent */ });
  return [made("label", {}, "Picture ", choose), here, text("What it shows", "panel-alt"), text("Caption, if any", "panel-caption")];
};
// The newest pictures, of which one can be shown again. The last choice counts, a file or one of these.
const offerPictures = async (here, choose) => {
  const answer = await fetch(form.querySelector("[data-pictures]").dataset.pictures, { headers: { Accept: "application/json" } });
  const { pictures } = await answer.json();
  const radios = pictures.map(({ address, says }, place) => {
    const radio = made("input", { type: "radio", name: "panel-picture", value: address });
    radio.setAttribute("form", "no-form");
    radio.addEventListener("change", () => { choose.value = ""; });
    here.append(made("label", {}, radio, made("img", { src: address, alt: `Picture ${place + 1} of ${pictures.length}, ${says}`, loading: "lazy", width: 96, height: 64 })));
    return radio;
  });
  choose.addEventListener("change", () => { for (const radio of radios) radio.checked = false; });
  here.hidden = !radios.length;
};
const drawingParts = (text) => {
  const select = made("select", { name: "panel-drawing" });
  fetch(form.querySelector("[data-drawings]").dataset.drawings).then((answer) => answer.json()).then(({ drawings }) => {
    select.append(...drawings.map((name) => new Option(name.replaceAll("-", " "), name)));
  }).catch(() => { /* the list stays empty, and Insert says so */ });
  return [made("label", {}, "Drawing ", select), text("What it shows", "panel-alt"), text("Caption, if any", "panel-caption")];
};
const shown = (own, address) => {
  const alt = needed(own, "panel-alt", "Say what it shows, for people who cannot see it.").replace(/[[\]]/g, "");
  const caption = valueOf(own, "panel-caption").replaceAll('"', "”");
  return `![${alt}](${address}${caption ? ` "${caption}"` : ""})`;
};
const INSERTS = {
  link: async (own, field) => {
    const to = needed(own, "panel-to", "Choose a section, or type an address that begins with / or https://");
    const words = needed(own, "panel-words", "Say which words are the link.").replace(/[[\]]/g, "");
    return [put, `[${words}](${to})`];
  },
  picture: async (own, field) => {
    const [file] = own.querySelector("[name=panel-file]").files;
    const here = own.querySelector("[name=panel-picture]:checked");
    if (!file && !here) throw new Error("Choose a picture.");
    needed(own, "panel-alt", "Say what it shows, for people who cannot see it.");
    return [block, shown(own, here ? here.value : await upload(await fitting(file), field))];
  },
  drawing: async (own) => [block, shown(own, `/static/figures/${needed(own, "panel-drawing", "The drawings could not be listed. Try again.")}.svg`)],
};

// The browser makes a picture smaller and decodes what it can, such as an iPhone's; the server's limits stay.
const MOST = 2400;
const fitting = async (file) => {
  const known = /^image\/(png|jpeg|webp)$/.test(file.type);
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture && !known) throw new Error("This browser cannot read that picture. Send it as a JPEG or PNG: on an iPhone, choose “Most compatible” under Camera, Formats.");
  if (!picture || (known && file.size < 4e6 && Math.max(picture.width, picture.height) <= MOST)) return file;
  const scale = Math.min(1, MOST / Math.max(picture.width, picture.height));
  const canvas = made("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const type = file.type === "image/png" ? "image/png" : "image/jpeg";
  return new Promise((give) => { canvas.toBlob((blob) => give(new File([blob], "picture", { type })), type, 0.85); });
};
const upload = async (file, field) => {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("image", file);
  const answer = await fetch(field.dataset.markdownxUploadUrlsPath, { method: "POST", body }).catch(() => null);
  if (!answer) throw new Error("The server cannot be reached. Try again.");
  const text = await answer.text();
  if (!answer.ok) {
    let why = text;
    try { why = JSON.parse(text).error; } catch { /* a sentence, or a page */ }
    throw new Error(why.startsWith("<") ? "The picture was refused. Make it smaller than 5 MB and try again." : why);
  }
  return /\((\/media\/[^)]+)\)/.exec(JSON.parse(text).image_code)[1];
};

// Pictures that are pasted or dropped go the same way: nothing is typed until the server has them.
const taken = (event) => {
  const data = event.clipboardData ?? event.dataTransfer;
  const field = event.target.closest?.(".markdownx-editor");
  if (!field || !data) return;
  if (data.files.length) {
    event.preventDefault();
    event.stopImmediatePropagation();
    panel(field, "picture", data.files[0]);
    return;
  }
  const html = event.type === "paste" && data.getData("text/html");
  if (!html || !/<(b|strong|i|em|a|ul|ol|li|h[1-6]|blockquote)\b/i.test(html)) return;
  const written = markdown(new DOMParser().parseFromString(html, "text/html").body).replace(/\n{3,}/g, "\n\n").trim();
  if (!written) return;
  event.preventDefault();
  put(field, written);
};
for (const type of ["paste", "drop"]) document.addEventListener(type, taken, true);

const BLOCKS = new Set(["P", "DIV", "H1", "H2", "H3", "H4", "H5", "H6", "BLOCKQUOTE", "UL", "OL", "SECTION", "ARTICLE", "TABLE", "TR"]);
const markdown = (node) => [...node.childNodes].map((each) => {
  if (each.nodeType === Node.TEXT_NODE) return each.textContent.replace(/\s+/g, " ").replace(/([*_`[\]\\])/g, "\\$1");
  if (each.nodeType !== Node.ELEMENT_NODE || /^(STYLE|SCRIPT|META|TITLE)$/.test(each.tagName)) return "";
  const inner = markdown(each);
  const words = inner.trim();
  const bold = /^(700|800|900|bold)/.test(each.style.fontWeight);
  switch (each.tagName) {
    case "BR": return "\n";
    case "B": case "STRONG": return words && each.style.fontWeight !== "normal" ? `**${words}**` : inner;
    case "I": case "EM": return words && each.style.fontStyle !== "normal" ? `_${words}_` : inner;
    case "A": return words && /^(https?:|mailto:|tel:|\/)/.test(each.getAttribute("href") ?? "") ? `[${words}](${each.getAttribute("href")})` : inner;
    case "LI": {
      const begin = each.parentElement?.tagName === "OL" ? `${[...each.parentElement.children].indexOf(each) + 1}. ` : "- ";
      return `${begin}${words.replace(/\n+/g, "\n").replace(/\n/g, "\n   ")}\n`;
    }
    case "BLOCKQUOTE": return `\n\n${words.split("\n").map((line) => `> ${line}`).join("\n")}\n\n`;
    case "SPAN": return bold && words ? `**${words}**` : inner;
    default:
      if (/^H[1-6]$/.test(each.tagName)) return `\n\n### ${words}\n\n`;
      return BLOCKS.has(each.tagName) ? `\n\n${inner}\n\n` : inner;
  }
}).join("");

// How much room is left, told before it runs out and never by cutting.
form.addEventListener("input", ({ target }) => {
  const most = Number(target.dataset.most);
  if (!most) return;
  const length = [...target.value].length;
  let count = target.parentElement.querySelector(".counter");
  if (length < most * 0.8) return count?.remove();
  count ??= target.parentElement.appendChild(made("p", { className: "counter" }));
  count.textContent = length > most ? `${length - most} characters too many (${most} is the most)` : `${most - length} characters left`;
  count.classList.toggle("over", length > most);
});

// An anchor and a key follow from what they name, as long as nobody typed one.
const slug = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
  .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-+$/, "");
form.addEventListener("change", ({ target }) => {
  const named = /^(.*-)?(heading|name|label|title)$/.exec(target.name ?? "");
  if (!named) return;
  for (const key of ["anchor", "key", "slug"]) {
    const field = form.elements[`${named[1] ?? ""}${key}`];
    if (field?.value === "" && slug(target.value)) {
      field.value = slug(target.value);
      changed(field);
    }
  }
});
// A new question gets the next number.
new MutationObserver((changes) => {
  for (const row of changes.flatMap(({ addedNodes }) => [...addedNodes]).filter((each) => each.matches?.("details.row"))) {
    const key = /^(items-)\d+-key$/.test(row.querySelector("input[name$='-key']")?.name ?? "") && row.querySelector("input[name$='-key']");
    const numbers = [...form.querySelectorAll("input[name^='items-'][name$='-key']")].map(({ value }) => Number(value)).filter(Boolean);
    if (key?.value === "") key.value = String(Math.max(0, ...numbers) + 1);
  }
}).observe(form, { childList: true, subtree: true });
