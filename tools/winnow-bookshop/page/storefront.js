const byId = id => document.getElementById(id);
const shelfShown = 8;

/** Creates an element with attributes and children. Text is never parsed as markup. */
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) if (value !== null) made.setAttribute(name, value);
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

/** Writes only if the text differs, because screen readers announce every write. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const shop = {genres: [], readers: []};
// What is shown. `version` is the shelf's; `listVersion` is that of the shelf which the list is for.
let now = {reader: null, version: 0, listVersion: 0, books: [], items: [], bought: null, allBooks: false};
let stream = null;

async function ask(method, path, body) {
  const options = {method, cache: "no-store"};
  if (body) Object.assign(options, {body: JSON.stringify(body), headers: {"Content-Type": "application/json"}});
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("The shop does not answer.");
  }
  const parsed = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(parsed.message || "The shop answered with status " + answer.status + ".");
  return parsed;
}

function showTrouble(text) {
  const notice = byId("trouble");
  notice.hidden = !text;
  setText(notice, text || "");
}

// ---- books ----

function cover(book) {
  const letters = book.title.replace(/^(The|A|An) /, "").slice(0, 2);
  return el("span", {class: "cover g" + (book.genre ?? "x"), "aria-hidden": "true"}, letters);
}

function about(book, badge) {
  const parts = [book.author, shop.genres[book.genre], book.price === null ? null : "£" + book.price.toFixed(2)];
  return el("div", {class: "about"}, el("span", {class: "title"}, book.title), badge ? el("span", {class: badge.startsWith("↓") ? "badge down" : "badge"}, badge) : null,
            el("div", {class: "soft"}, parts.filter(Boolean).join(" · ")));
}

function buyButton(book) {
  const button = el("button", {type: "button", class: "buy", "aria-label": "Buy " + book.title}, "Buy");
  button.addEventListener("click", () => { if (!button.hasAttribute("aria-disabled")) buy(book, button); });
  return button;
}

function likeButton(book) {
  const button = el("button", {type: "button", class: "like", "aria-label": "Books similar to " + book.title}, "Similar");
  button.addEventListener("click", () => showSimilar(book));
  return button;
}

function reason(item, popular) {
  const words = el("div", {class: "why"});
  if (item.because) words.append("because you took ", el("b", {}, item.because.title), ` (attention ${Math.round(100 * item.because.weight)} %)`);
  else if (popular) words.append("popular with all readers");
  // Most are found in both ways, which says nothing about a book.
  const found = [item.often_next && !item.by_taste && !popular ? "often bought next" : null,
                 item.by_taste && !item.often_next && !popular ? "near your taste" : null,
                 item.adopted ? "new, learned from its first buyers" : null].filter(Boolean).join(", ");
  if (found) words.append((words.childNodes.length ? " · " : "") + found);
  return words;
}

// ---- the list ----

/** What an item did since the last list: new on it, up or down by some places. */
function movement(id, place, before) {
  if (!before.length) return null;
  const old = before.findIndex(item => item.id === id);
  if (old < 0) return "new";
  return old === place ? null : old > place ? "↑ " + (old - place) : "↓ " + (place - old);
}

function showList(event) {
  if (event.version < now.listVersion) return; // a stream that was replaced
  const before = now.listVersion && event.version !== now.listVersion ? now.items : [];
  const rows = byId("items");
  const focused = [...rows.children].indexOf(document.activeElement?.closest("#items > li"));
  rows.replaceChildren(...event.items.map((item, place) => {
    const moved = movement(item.id, place, before);
    return el("li", {class: "book" + (moved === "new" ? " just" : ""), "data-id": item.id}, cover(item), about(item, moved),
              reason(item, event.popular), el("div", {class: "acts"}, buyButton(item), likeButton(item)));
  }));
  if (focused >= 0) (rows.children[Math.min(focused, rows.children.length - 1)]?.querySelector(".buy") || byId("list")).focus();
  const fresh = event.items.filter((item, place) => movement(item.id, place, before) === "new").length;
  now.items = event.items;
  now.listVersion = event.version;
  showState(event, before.length > 0, fresh);
}

function showState(event, changed, fresh) {
  const parts = [];
  if (changed && now.bought) parts.push(`You bought ${now.bought}: ${fresh} of ${event.items.length} books are new on the list.`);
  if (event.popular) parts.push("Without books on the shelf, these are the most popular ones.");
  if (event.degraded.length) parts.push("Computed without " + event.degraded.join(" and ") + ".");
  parts.push(event.took_ms > 0 ? `Computed in ${event.took_ms} ms.` : "Computed in less than 1 ms.");
  now.bought = null;
  showTrouble("");
  showWaiting();
  setText(byId("list-state"), parts.join(" "));
}

/** While the list is for an older shelf than the one that is shown, it says so. */
function showWaiting() {
  const waiting = now.listVersion !== now.version;
  byId("list").classList.toggle("waiting", waiting);
  byId("list").setAttribute("aria-busy", String(waiting));
  if (waiting) setText(byId("list-state"), "Computing the list for this shelf …");
}

// ---- the shelf ----

function showShelf(event) {
  if (event.version < now.version) return;
  const grown = now.version > 0 && event.version > now.version;
  Object.assign(now, {version: event.version, books: event.books, reader: event.reader});
  if (grown) now.bought = event.books[0].title; // the list of this shelf is the next one
  drawShelf(grown);
  showWaiting();
}

function drawShelf(grown) {
  const {reader, books} = now;
  setText(byId("shelf-title"), `${reader.name === "You" ? "Your shelf" : "Shelf of " + reader.name}, ${books.length} book${books.length === 1 ? "" : "s"}`);
  setText(byId("list-title"), reader.name === "You" ? "Recommended for you" : "Recommended for " + reader.name);
  setText(byId("loves"), reader.loves.length ? `Loves ${reader.loves.join(" and ")}. The models are not told.` : "A new reader, whom the models do not know.");
  const shown = now.allBooks ? books : books.slice(0, shelfShown);
  byId("books").setAttribute("start", String(books.length));
  byId("books").replaceChildren(...shown.map((book, place) =>
    el("li", {class: "book small" + (grown && place === 0 ? " just" : ""), "data-id": book.id}, cover(book), about(book, grown && place === 0 ? "just bought" : null),
       el("div", {class: "acts"}, likeButton(book)))));
  const more = byId("more");
  more.hidden = books.length <= shelfShown;
  setText(more, now.allBooks ? "Show fewer" : `Show all ${books.length}`);
  document.querySelectorAll("#found > li").forEach(row => { if (books.some(book => book.id === row.dataset.id)) row.remove(); });
}

/** The button keeps the focus while it waits, so that the focus can go on to the next book of the list. */
async function buy(book, button) {
  button.setAttribute("aria-disabled", "true");
  try {
    await ask("POST", `readers/${encodeURIComponent(now.reader.id)}/purchases`, {book: book.id});
  } catch (failure) {
    showTrouble(failure.message);
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

// ---- other books ----

function showFound(books, text) {
  byId("found").replaceChildren(...books.map(book =>
    el("li", {class: "book small", "data-id": book.id}, cover(book), about(book, book.owned ? "on the shelf" : book.often_next ? "often bought next" : null),
       el("div", {class: "acts"}, book.owned || book.genre === null ? null : buyButton(book)))));
  setText(byId("browse-state"), text);
}

async function search() {
  if (!now.reader) return;
  const reader = now.reader.id;
  const query = new URLSearchParams({genre: byId("genre").value, words: byId("words").value.trim()});
  try {
    const {books} = await ask("GET", `readers/${encodeURIComponent(reader)}/books?${query}`);
    if (now.reader.id === reader) showFound(books, books.length ? "Best-selling first." : "The shop has no such book.");
  } catch (failure) {
    showTrouble(failure.message);
  }
}

async function showSimilar(book) {
  const reader = now.reader.id;
  try {
    const {books} = await ask("GET", `readers/${encodeURIComponent(reader)}/similar/${encodeURIComponent(book.id)}`);
    if (now.reader.id !== reader) return;
    showFound(books, books.length ? `Similar to ${book.title}:` : `The models do not know ${book.title}.`);
    byId("browse").scrollIntoView({block: "nearest"});
    byId("browse").focus();
  } catch (failure) {
    showTrouble(failure.message);
  }
}

// ---- readers ----

function drawReaders() {
  byId("readers").replaceChildren(...shop.readers.map(reader => {
    const loves = reader.loves.length ? "loves " + reader.loves.join(", ") : "a new reader";
    const button = el("button", {type: "button", "aria-pressed": String(reader.id === now.reader?.id)}, reader.name, el("small", {}, loves));
    button.addEventListener("click", () => pick(reader));
    return button;
  }));
}

function pick(reader) {
  if (!shop.readers.some(known => known.id === reader.id)) shop.readers = [reader, ...shop.readers].slice(0, 9);
  now = {reader, version: 0, listVersion: 0, books: [], items: [], bought: null, allBooks: false};
  drawReaders();
  byId("items").replaceChildren();
  byId("books").replaceChildren();
  document.querySelector("main").hidden = false;
  showTrouble("");
  follow(reader);
  search();
}

function follow(reader) {
  if (stream) stream.close();
  const opened = stream = new EventSource(`readers/${encodeURIComponent(reader.id)}/events`);
  const on = (name, show) => opened.addEventListener(name, event => { if (opened === stream) show(JSON.parse(event.data)); });
  on("shelf", showShelf);
  on("list", showList);
  on("score", showScore);
  on("trouble", event => showTrouble("The list cannot be computed, trying again: " + event.message));
  opened.onopen = () => {
    if (opened !== stream) return;
    Object.assign(now, {version: 0, listVersion: 0}); // the shop may have been restarted, and counts from 1 again
    showTrouble("");
  };
  opened.onerror = () => {
    if (opened !== stream) return;
    showTrouble("The shop does not answer, trying again.");
    if (opened.readyState === EventSource.CLOSED) setTimeout(() => { if (opened === stream) follow(reader); }, 2000);
  };
}

function showScore(score) {
  const percent = share => (100 * share).toFixed(1) + " %";
  setText(byId("score"), score.purchases === 0 ? "" :
    `${score.purchases} purchases by other readers: ${percent(score.hit_rate)} from the list; from best sellers, it would be ${percent(score.best_hit_rate)}`);
}

async function another(method, path) {
  try {
    pick(await ask(method, path));
  } catch (failure) {
    showTrouble(failure.message);
  }
}

byId("another").addEventListener("click", () => another("GET", "random-reader"));
byId("guest").addEventListener("click", () => another("POST", "guests"));
byId("more").addEventListener("click", () => { now.allBooks = !now.allBooks; drawShelf(false); });
byId("genre").addEventListener("change", search);
byId("words").addEventListener("input", () => { clearTimeout(search.timer); search.timer = setTimeout(search, 200); });
byId("search").addEventListener("submit", event => { event.preventDefault(); search(); });

async function start() {
  try {
    Object.assign(shop, await ask("GET", "shop"));
  } catch (failure) {
    showTrouble(failure.message);
    setTimeout(start, 2000);
    return;
  }
  shop.readers = shop.readers.slice(0, 6);
  for (const genre of shop.genres) byId("genre").append(el("option", {}, genre));
  pick(shop.readers[0]);
}
start();
