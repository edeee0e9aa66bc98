"use strict";
// Elements of the page, made by functions: nothing here reads the report.

// h("p", {class: "why"}, "text", child): attributes by name; `on` and a name for listeners; null children are left out.
function h(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""),
  );
  return element;
}

// Styles are set one by one: the page's policy allows no style attribute in its text.
function styled(element, properties) {
  for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
  return element;
}

// A table with a caption. Columns: {title, number}; cells are texts or elements.
function table(caption, columns, rows, {visibleCaption = false} = {}) {
  const cell = (column, content, at) =>
    at === 0
      ? h("th", {scope: "row", class: column.number ? "number" : null}, content)
      : h("td", {class: column.number ? "number" : null}, content);
  return h(
    "div",
    {class: "scroll", tabindex: "0", role: "region", "aria-label": caption},
    h(
      "table",
      {},
      h("caption", {class: visibleCaption ? null : "unseen"}, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map((each) => h("th", {scope: "col", class: each.number ? "number" : null}, each.title)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((content, at) => cell(columns[at], content, at)),
          ),
        ),
      ),
    ),
  );
}

function disclosure(summary, ...content) {
  return h("details", {}, h("summary", {}, summary), ...content);
}

// The one hint of the page, beside what is pointed at or has the focus.
const hint = {
  show(text, x, y) {
    const element = document.getElementById("hint");
    element.textContent = text;
    element.hidden = false;
    const left = Math.min(x + 14, window.innerWidth - element.offsetWidth - 8);
    const top = y + 18 + element.offsetHeight > window.innerHeight ? y - element.offsetHeight - 10 : y + 18;
    styled(element, {left: `${Math.max(8, left)}px`, top: `${Math.max(8, top)}px`});
  },
  hide() {
    document.getElementById("hint").hidden = true;
  },
};

// Says `text` while the element is pointed at.
function hinted(element, text) {
  element.addEventListener("pointermove", (event) => hint.show(text, event.clientX, event.clientY));
  element.addEventListener("pointerleave", hint.hide);
  return element;
}
