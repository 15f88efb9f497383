// Sections, parts and quizzes: one list for the whole page, filled from the server, so that the page does not grow with
// the course.
const found = document.getElementById("sections");
let wait;
const find = ({ type, target }) => {
  if (target.getAttribute("list") !== "sections" || !found.dataset.find) return;
  clearTimeout(wait);
  wait = setTimeout(async () => {
    const query = new URLSearchParams({ of: target.dataset.of ?? "section", q: type === "focusin" ? "" : target.value });
    const answer = await fetch(`${found.dataset.find}?${query}`).catch(() => null);
    const { sections } = answer?.ok ? await answer.json() : { sections: [] };
    found.replaceChildren(...sections.map(([value, label]) => Object.assign(new Option(), { value, label })));
  }, 150);
};
document.addEventListener("input", find);
document.addEventListener("focusin", find);
