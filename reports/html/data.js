"use strict";
// The page's data, and what every other part of the script uses. Everything comes from the JSON in #data and goes into
// clones of templates as text, never as markup.
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const { fields, causes, strings, rows } = data;
const column = Object.fromEntries(fields.map((name, index) => [name, index + 1]));

const number = (amount) => amount.toLocaleString("en");
const count = (amount, noun) => `${number(amount)} ${noun}${amount === 1 ? "" : "s"}`;
const cell = (row, name) => row[column[name]] || 0;
const plainValue = (row, name) => strings[cell(row, name)];
const value = (row, name) => (name === "url" || name === "cli" ? restored(row, name) : plainValue(row, name));

// What repeats the resource's address or its last part has marks for them.
function restored(row, name) {
  const address = plainValue(row, "place");
  return plainValue(row, name).replaceAll("\u0001", () => address)
    .replaceAll("\u0002", () => /[^/:]*$/.exec(address)[0]);
}

// A template's clone: each data-slot filled, each data-if without a text taken away.
function fill(template, read) {
  const element = byId("template-" + template).content.firstElementChild.cloneNode(true);
  for (const part of element.querySelectorAll("[data-if]")) {
    if (!read(part.dataset.if)) part.remove();
  }
  for (const part of element.querySelectorAll("[data-slot]")) part.textContent = read(part.dataset.slot);
  for (const link of element.querySelectorAll("[data-link]")) link.setAttribute("href", read(link.dataset.link));
  return element;
}

// Buttons that turn the pages of something; `show(start)` shows a page and is called at once.
function pages(holder, total, size, noun, show, start = 0) {
  const turner = fill("pages", () => "");
  const [previous, range, next] = [".previous", ".range", ".next"].map((name) => turner.querySelector(name));
  function turn(to) {
    const end = Math.min(to + size, total);
    range.textContent = `${number(to + 1)}–${number(end)} of ${count(total, noun)}`;
    previous.disabled = to === 0;
    next.disabled = end >= total;
    previous.onclick = () => turn(to - size);
    next.onclick = () => turn(to + size);
    show(to);
  }
  holder.replaceChildren(...(total > size ? [turner] : []));
  holder.hidden = total <= size;
  turn(start);
}

function say(text) {
  byId("said").textContent = text;
}
