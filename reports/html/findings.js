// The list of findings: filtered, grouped by cause, a page of causes at a time, of which one is open.
const CAUSES = 25;
const FINDINGS = 20;
const LONGEST_CHOICE = 40;
const form = byId("filter");
const list = byId("list");

const STATUSES = [["fail", "failed"], ["unknown", "unknown"], ["suppressed", "accepted"], ["error", "check broke off"]];
const SEVERITIES = ["critical", "high", "medium", "low"];
const cause = (row) => causes[row[0]];

// What can be filtered by: label, and the values of a finding. The first two are always there.
const FILTERS = {
  severity: ["Severity", (row) => [cause(row).severity]],
  status: ["Status", (row) => [value(row, "status")]],
  pillar: ["Pillar", (row) => [cause(row).pillar]],
  news: ["News", (row) => [value(row, "news")]],
  account: ["Account", (row) => [value(row, "account")]],
  region: ["Region", (row) => [value(row, "region")]],
  service: ["Service", (row) => [value(row, "service")]],
  tag: ["Tag", (row) => value(row, "tags").split("\n")],
  framework: ["Framework", (row) => cause(row).frameworks],
};

let groups = [];

// --- choices ---------------------------------------------------------------------------------------------------------

// The most frequent values of a filter, in alphabetical order; those left out are found by searching.
function choicesOf(name) {
  if (name === "status") return STATUSES;
  const seen = new Map();
  for (const row of rows) {
    for (const text of FILTERS[name][1](row)) if (text) seen.set(text, (seen.get(text) || 0) + 1);
  }
  const names = [...seen].sort((one, other) => other[1] - one[1]).slice(0, LONGEST_CHOICE).map(([text]) => text);
  names.sort(name === "severity" ? (a, b) => SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b) : undefined);
  return names.map((text) => [text, text]);
}

function addChoices() {
  for (const [name, [label]] of Object.entries(FILTERS)) {
    const choices = choicesOf(name);
    if (choices.length < 2) continue;
    const select = document.createElement("select");
    select.name = name;
    for (const [text, shown] of [["", "all"], ...choices]) select.append(new Option(shown, text));
    if (name === "status") select.value = "fail";
    const holder = document.createElement("label");
    holder.append(label + " ", select);
    form.querySelector("button").before(holder);
  }
}

// --- filtering -------------------------------------------------------------------------------------------------------

const wanted = () => Object.fromEntries(new FormData(form));

// Whether each distinct text has the word; a finding has it if one of its texts has.
const textsWith = (word) => strings.map((text) => text.toLowerCase().includes(word));

function matching() {
  const { text, sort, ...filters } = wanted();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean).map((word) => ({
    texts: textsWith(word),
    causes: causes.map((one) => [one.check, one.title, one.controls].some((part) => part.toLowerCase().includes(word))),
  }));
  const tests = Object.entries(filters).filter(([, choice]) => choice).map(([name, choice]) => [FILTERS[name][1], choice]);
  return rows.filter((row) => tests.every(([read, choice]) => read(row).includes(choice))
    && words.every((word) => word.causes[row[0]] || row.some((text, index) => index && word.texts[text])));
}

function filter() {
  const found = new Map();
  for (const row of matching()) {
    if (!found.has(row[0])) found.set(row[0], []);
    found.get(row[0]).push(row);
  }
  groups = [...found].map(([index, members]) => ({ cause: causes[index], members, high: dollars(members) }));
  if (wanted().sort === "dollars") {
    groups.sort((one, other) => other.high - one.high);
    for (const group of groups) group.members.sort((one, other) => amount(other) - amount(one));
  }
  tell();
}

const amount = (row) => Number(value(row, "high"));
const dollars = (members) => members.reduce((sum, row) => sum + amount(row), 0);

function tell() {
  const found = groups.reduce((sum, group) => sum + group.members.length, 0);
  const order = wanted().sort === "dollars" ? "the most dollars first" : "the gravest first";
  byId("shown").textContent = !found ? "Nothing matches."
    : `${count(found, wanted().status === "fail" ? "finding" : "result")} of ${count(groups.length, "check")}, ${order}.`;
}

// --- showing ---------------------------------------------------------------------------------------------------------

function metaOf({ cause: one, members }) {
  const failed = members.length && value(members[0], "status") === "fail";
  const every = members.length === one.total;
  const parts = [failed && !every ? `${number(members.length)} of ${count(one.total, "finding")}`
    : count(members.length, failed ? "finding" : "result")];
  if (failed && every && one.one_fix) parts.push(`one fix closes all ${number(one.total)}`);
  if (failed && one.saving) parts.push(one.saving);
  if (failed && one.gain) parts.push(one.gain);
  return parts.join(" · ");
}

function causeLine(group) {
  const one = group.cause;
  const element = fill("cause", (name) => (name === "meta" ? metaOf(group) : one[name]));
  element.id = "c-" + one.check;
  element.querySelector(".severity").classList.add(one.severity);
  element.addEventListener("toggle", () => {
    if (!element.open) {
      element.querySelector(":scope > .body")?.remove();
    } else if (!element.querySelector(":scope > .body")) {
      open(element, group, 0);
      element.firstElementChild.scrollIntoView({ block: "nearest" }); // the one that closed may have been above
    }
  });
  return element;
}

// Open a cause at one of its findings; the others close.
function open(element, group, at) {
  for (const other of list.querySelectorAll(":scope > details[open]")) {
    if (other !== element) other.open = false;
  }
  const body = fill("cause-body", (name) => (name === "anchor" ? "#" + element.id : group.cause[name]));
  element.querySelector(":scope > .body")?.remove();
  element.append(body);
  element.open = true;
  const holder = body.querySelector(".findings");
  const first = Math.floor(at / FINDINGS) * FINDINGS;
  pages(body.querySelector(".pager"), group.members.length, FINDINGS, "finding", (start) => {
    holder.replaceChildren(...group.members.slice(start, start + FINDINGS).map(findingLine));
  }, first);
}

function show(at = 0) {
  const first = Math.floor(at / CAUSES) * CAUSES;
  pages(byId("pages"), groups.length, CAUSES, "check", (start) => {
    list.replaceChildren(...groups.slice(start, start + CAUSES).map(causeLine));
  }, first);
}

function update() {
  filter();
  show();
}

// --- the address -----------------------------------------------------------------------------------------------------

function choose(choices) {
  for (const element of form.elements) {
    if (element.name) element.value = choices[element.name] ?? { sort: "risk", status: "fail" }[element.name] ?? "";
  }
}

function remember() {
  const chosen = Object.entries(wanted()).filter(([name, choice]) => choice !== ({ sort: "risk", status: "fail" }[name] ?? ""));
  const hash = chosen.length ? "#?" + new URLSearchParams(chosen) : "#findings";
  try {
    history.replaceState(null, "", hash);
  } catch {
    // A browser may keep files from changing their address; the filter works all the same.
  }
}

const isHere = (id) => (row) => (id.startsWith("f-") ? value(row, "id") : "c-" + cause(row).check) === id;

function follow() {
  let id = location.hash.slice(1);
  try {
    id = decodeURIComponent(id);
  } catch {
    return;
  }
  if (id.startsWith("?")) {
    choose(Object.fromEntries(new URLSearchParams(id.slice(1))));
    update();
    byId("findings").scrollIntoView();
  } else if (/^[fc]-/.test(id)) {
    reveal(id);
  }
}

function reveal(id) {
  const row = rows.find(isHere(id));
  if (!row) return;
  choose({ status: value(row, "status") });
  filter();
  const index = groups.findIndex((group) => group.cause === cause(row));
  const group = groups[index];
  show(index);
  open(byId("c-" + group.cause.check), group, group.members.indexOf(row));
  const element = byId(id);
  element.open = true;
  element.classList.add("linked");
  element.scrollIntoView();
  element.querySelector("summary").focus({ preventScroll: true });
}

// --- events ----------------------------------------------------------------------------------------------------------

let typing = 0;
form.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    update();
    remember();
  }, 120);
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", (event) => {
  event.preventDefault();
  choose({});
  update();
  remember();
});
addEventListener("hashchange", follow);
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select")) return;
  event.preventDefault();
  form.elements.text.focus();
});

addChoices();
form.hidden = rows.length === 0;
if (rows.length) {
  update();
  // After the browser's own jump to the fragment, which takes the focus away.
  addEventListener("load", () => setTimeout(follow));
}
