// Tables with more rows than are in the page. Those inside a closed <details> are empty, as the page's elements are few.
function fillCell(field, kind, text) {
  field.className = kind;
  if (kind === "severity" || kind === "status") field.classList.add(text);
  if (kind !== "link") {
    field.textContent = text;
    return;
  }
  const parts = text.split("\n");
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const link = document.createElement("a");
    link.setAttribute("href", parts[index + 1]);
    link.textContent = parts[index];
    field.append(link, " ");
  }
}

function showRows(table, { kinds, shown, rows: all }, start) {
  const lines = all.slice(start, start + shown).map((row) => {
    const line = document.createElement("tr");
    row.forEach((text, index) => {
      const field = document.createElement("td");
      fillCell(field, kinds[index], text);
      if (kinds[index] === "number") field.dataset.label = table.tHead.rows[0].cells[index].textContent;
      line.append(field);
    });
    return line;
  });
  table.tBodies[0].replaceChildren(...lines);
}

function showTable(id) {
  const table = byId(id);
  const content = data.tables[id];
  const holder = document.querySelector(`[data-pages="${id}"]`);
  pages(holder, content.rows.length, content.shown, "row", (start) => showRows(table, content, start));
}

for (const id of Object.keys(data.tables)) {
  const inside = byId(id).closest("details");
  if (!inside) {
    showTable(id);
    continue;
  }
  byId(id).tBodies[0].replaceChildren();
  inside.addEventListener("toggle", () => {
    if (inside.open) showTable(id);
    else byId(id).tBodies[0].replaceChildren();
  });
}
