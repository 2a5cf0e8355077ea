/** Creates an element with attributes and children. Text is never parsed as markup. */
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) if (value !== null) made.setAttribute(name, value);
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const byId = id => document.getElementById(id);

/** Writes only if the text differs: screen readers announce every write, and a write would clear a selection. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function setAttribute(element, name, value) {
  if (value === null || value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/** A bar that shows a share from 0 to 1. Hidden from screen readers, because the number is shown beside it. */
function bar() {
  const fill = el("i");
  const made = el("span", {class: "bar", "aria-hidden": "true"}, fill);
  made.show = (share, warn) => {
    fill.style.inlineSize = Math.round(Math.min(Math.max(share, 0), 1) * 100) + "%";
    made.classList.toggle("full", Boolean(warn));
  };
  return made;
}

/** Asks for confirmation. Resolves to whether the user confirmed. */
function confirmed(title, text, yes) {
  const dialog = byId("confirm");
  setText(byId("confirm-title"), title);
  setText(byId("confirm-text"), text);
  setText(byId("confirm-yes"), yes);
  return new Promise(resolve => {
    const answer = value => { dialog.onclose = null; dialog.close(); resolve(value); };
    byId("confirm-yes").onclick = () => answer(true);
    byId("confirm-no").onclick = () => answer(false);
    dialog.onclose = () => resolve(false);
    dialog.showModal();
    byId("confirm-no").focus();
  });
}

/** Shows the outcome of an action in one line for a few seconds. */
function toast(text, bad) {
  const shown = byId("toast");
  shown.hidden = false;
  shown.classList.toggle("bad", Boolean(bad));
  setText(shown, text);
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { shown.hidden = true; }, bad ? 12000 : 5000);
}
