// One finding: its line in the list, and its evidence once it is opened.

const reader = (row) => (name) => {
  if (name === "anchor") return "#" + value(row, "id");
  return name === "tags" ? value(row, name).split("\n").join(", ") : value(row, name);
};

function findingLine(row) {
  const element = fill("finding", reader(row));
  if (value(row, "id")) element.id = value(row, "id");
  element.querySelector(".news")?.classList.add(value(row, "news"));
  element.addEventListener("toggle", () => {
    element.querySelector(":scope > .body")?.remove();
    if (!element.open) return;
    for (const other of element.parentElement.querySelectorAll(":scope > details[open]")) {
      if (other !== element) other.open = false;
    }
    element.append(findingBody(row));
  });
  return element;
}

function findingBody(row) {
  const body = fill("finding-body", reader(row));
  const hops = body.querySelector(".path ol");
  if (hops) hops.append(...value(row, "path").split("\n").map(hopLine));
  body.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button, button.dataset.copy === "link" ? linkTo(value(row, "id")) : value(row, button.dataset.copy));
  });
  return body;
}

const linkTo = (id) => location.href.split("#")[0] + "#" + id;

// A hop of a path: a knot, and an arrow to the next one; what to change there stands out.
function hopLine(text, index, all) {
  const line = document.createElement("li");
  const [, said, change] = /^\d+\. (.*?)(?: \(change this: (.*)\))?$/.exec(text) || ["", text, ""];
  line.append(knot(Boolean(change), index < all.length - 1));
  const words = document.createElement("span");
  words.textContent = said;
  line.append(words);
  if (change) {
    line.className = "cut";
    const advice = document.createElement("strong");
    advice.textContent = "Cut it here: " + change;
    line.append(advice);
  }
  return line;
}

function knot(cut, goesOn) {
  const drawing = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, text] of Object.entries(attributes)) element.setAttribute(key, text);
    return element;
  };
  const picture = drawing("svg", { viewBox: `0 0 24 ${goesOn ? 48 : 24}`, "aria-hidden": "true", focusable: "false" });
  picture.append(drawing("circle", { cx: 12, cy: 12, r: 7 }));
  if (cut) picture.append(drawing("path", { class: "cross", d: "M8 8l8 8m0-8l-8 8" }));
  if (goesOn) picture.append(drawing("path", { d: "M12 20v24m-5-6l5 6 5-6" }));
  return picture;
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
    button.textContent = "Copied";
  } catch {
    const code = button.closest(".paste")?.querySelector("code");
    if (code) getSelection().selectAllChildren(code);
    say("The browser does not let the page copy; press Ctrl+C");
    button.textContent = code ? "Press Ctrl+C" : "Not allowed";
  }
}
