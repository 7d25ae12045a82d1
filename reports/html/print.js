// On paper: every failed finding with its evidence, and every row of the tables, as lines of text, which are few
// elements however many they are.

function plainLines(row) {
  const read = (name) => value(row, name);
  const must = read("expected") ? ` must be ${read("expected")}` : "";
  const was = read("observed") ? ` (is ${read("observed")})` : "";
  return [
    `▸ ${read("title")} ${read("message")}`,
    ["place", "account", "region"].map(read).filter(Boolean).join(" · "),
    read("property") && `Property ${read("property")}${must}${was}`,
    read("line") && `${read("line")} | ${read("before")}${read("marked")}${read("after")}`,
    read("saving") && `${read("saving")}: ${read("basis")} (${read("prices")})`,
    read("path").split("\n").join("\n    "),
    read("note"),
  ].filter(Boolean).join("\n    ");
}

function lines(text) {
  const element = document.createElement("div");
  element.className = "lines";
  element.textContent = text;
  return element;
}

function plainCause(group) {
  const head = document.createElement("h3");
  head.textContent = `${group.cause.severity}: ${group.cause.title}`;
  const about = `${group.cause.check}. ${metaOf(group)}. Fix: ${group.cause.fix}`;
  return [head, lines([about, ...group.members.map(plainLines)].join("\n\n"))];
}

let shown = [];

addEventListener("beforeprint", () => {
  shown = [...list.childNodes];
  const before = wanted();
  choose({});
  filter();
  list.replaceChildren(...groups.flatMap(plainCause));
  choose(before);
  for (const [id, table] of Object.entries(data.tables)) {
    const folded = Boolean(byId(id).closest("details"));
    const rest = lines(table.rows.slice(folded ? 0 : table.shown).map((row) => row.filter(Boolean).join(" · ")).join("\n"));
    rest.classList.add("rest");
    if (!folded) showRows(byId(id), table, 0);
    byId(id).after(rest);
  }
  for (const section of document.querySelectorAll(".framework")) {
    section.removeAttribute("name"); // of one name, only one may be open
    section.open = true;
  }
});

addEventListener("afterprint", () => {
  for (const section of document.querySelectorAll(".framework")) {
    section.open = false;
    section.setAttribute("name", "framework");
  }
  for (const rest of document.querySelectorAll(".rest")) rest.remove();
  filter();
  list.replaceChildren(...shown);
});
