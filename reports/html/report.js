"use strict";
// Shows findings a page at a time, filtered. Everything comes from the JSON in #data and goes into clones of the two
// templates as text, never as markup. The first page is already in the document and is kept until something is asked.
(() => {
  const PAGE = 100;
  const byId = (id) => document.getElementById(id);
  const { fields, causes, strings, rows } = JSON.parse(byId("data").textContent);
  const column = Object.fromEntries(fields.map((name, index) => [name, index + 1]));
  const form = byId("filter");
  const list = byId("list");
  const value = (row, name) => strings[row[column[name]] || 0];

  let matches = [];
  let start = 0;
  let haystacks = null;

  // --- filtering ---------------------------------------------------------------------------------------------------

  function haystack(index) {
    if (!haystacks) haystacks = new Array(rows.length);
    if (haystacks[index] === undefined) {
      const [cause, ...texts] = rows[index];
      const parts = [causes[cause].check, causes[cause].title, ...texts.map((number) => strings[number])];
      haystacks[index] = parts.join("\n").toLowerCase();
    }
    return haystacks[index];
  }

  function filter() {
    const { text, severity, pillar, status } = Object.fromEntries(new FormData(form));
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    matches = rows.filter((row, index) => {
      const cause = causes[row[0]];
      return (!status || value(row, "status") === status)
        && (!severity || cause.severity === severity)
        && (!pillar || cause.pillar === pillar)
        && words.every((word) => haystack(index).includes(word));
    });
    start = 0;
  }

  // --- showing -----------------------------------------------------------------------------------------------------

  function fill(template, read) {
    const element = byId(template).content.firstElementChild.cloneNode(true);
    for (const part of element.querySelectorAll("[data-if]")) {
      if (!read(part.dataset.if)) part.remove();
    }
    for (const part of element.querySelectorAll("[data-slot]")) part.textContent = read(part.dataset.slot);
    return element;
  }

  function showCause(cause) {
    const element = fill("cause", (name) => cause[name]);
    element.id = "c-" + cause.check;
    element.querySelector(".severity").classList.add(cause.severity);
    return element;
  }

  function showFinding(row) {
    const element = fill("finding", (name) => value(row, name));
    const id = value(row, "id");
    if (id) element.id = id;
    for (const link of element.querySelectorAll("[data-link]")) {
      link.setAttribute("href", link.dataset.link === "id" ? "#" + id : value(row, "url"));
    }
    return element;
  }

  function show(from, until) {
    const fragment = document.createDocumentFragment();
    let cause = -1;
    let section = null;
    for (const row of matches.slice(from, until)) {
      if (row[0] !== cause) {
        cause = row[0];
        section = showCause(causes[cause]);
        fragment.append(section);
      }
      section.append(showFinding(row));
    }
    list.replaceChildren(fragment);
  }

  function tell() {
    const until = Math.min(start + PAGE, matches.length);
    byId("shown").textContent = matches.length
      ? `${(start + 1).toLocaleString("en")}–${until.toLocaleString("en")} of ${matches.length.toLocaleString("en")}, the gravest first.`
      : "Nothing matches.";
    byId("pager").hidden = matches.length <= PAGE;
    byId("previous").disabled = start === 0;
    byId("next").disabled = until >= matches.length;
  }

  function update() {
    show(start, start + PAGE);
    tell();
  }

  function turn(by) {
    start += by;
    update();
    byId("findings-title").focus();
    byId("findings").scrollIntoView();
  }

  // --- links into the list -----------------------------------------------------------------------------------------

  function wanted() {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return "";
    }
  }

  function find(id) {
    return (row) => (id.startsWith("f-") ? value(row, "id") === id : "c-" + causes[row[0]].check === id);
  }

  function follow() {
    const id = wanted();
    if (!/^[fc]-/.test(id)) return;
    if (!byId(id)) {
      const row = rows.find(find(id));
      if (!row) return;
      // Not form.reset(): its event would come later and undo this.
      for (const name of ["text", "severity", "pillar"]) form.elements[name].value = "";
      form.elements.status.value = value(row, "status");
      filter();
      start = Math.floor(matches.indexOf(row) / PAGE) * PAGE;
      update();
    }
    for (const marked of list.querySelectorAll(".linked")) marked.classList.remove("linked");
    const element = byId(id);
    element.classList.add("linked");
    element.scrollIntoView();
  }

  // --- events ------------------------------------------------------------------------------------------------------

  let typing = 0;
  form.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      filter();
      update();
    }, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => {
    filter();
    update();
  }));
  byId("previous").addEventListener("click", () => turn(-PAGE));
  byId("next").addEventListener("click", () => turn(PAGE));
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => show(0, matches.length));
  addEventListener("afterprint", () => show(start, start + PAGE));

  form.hidden = false;
  filter();
  if (matches.length) tell();
  follow();
})();
