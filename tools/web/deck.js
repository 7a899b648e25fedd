/* A deck: one slide at a time. A control that has the focus keeps its keys; Escape gives them back to the deck, and
 * the keys of a clicker, Page Up and Page Down, come through (kit/page.py). */

const SMALLEST = 0.6; // of a slide that would not fit; below it scrolls

/** @type {HTMLElement[]} */
let slides = [];
let at = 0;
/** @type {WeakSet<HTMLIFrameElement>} frames that have told the height they need */
const measured = new WeakSet();

const control = (/** @type {string} */ what) => /** @type {HTMLElement} */ (document.querySelector(what));

/** Shows a slide that exists. @param {number} n @param {boolean} [whole] with all its fragments */
function show(n, whole = false) {
  const before = slides[at];
  at = Math.min(slides.length - 1, Math.max(0, n));
  const slide = slides[at];
  before?.classList.remove("now");
  slide.classList.add("now");
  for (const part of slide.querySelectorAll(".fragment")) part.classList.toggle("waits", !whole);
  place = slide.id;
  writeAddress();
  control(".count").textContent = `${at + 1} / ${slides.length}`;
  control(".about").textContent = titleOf(
    slides.slice(0, at + 1).findLast((each) => each.matches(".section")) ?? slide,
  );
  control(".progress").style.width = `${(100 * (at + 1)) / slides.length}%`;
  const sheet = /** @type {HTMLElement} */ (slide.querySelector(".sheet"));
  sheet.style.setProperty("--zoom", "1");
  fit(slide);
}

/** A sheet that is too tall becomes smaller, as far as it can be read. It never grows back, or it would go to and fro.
 * @param {HTMLElement} slide */
function fit(slide) {
  if ([...slide.querySelectorAll("iframe")].some((frame) => !measured.has(frame))) return;
  const sheet = /** @type {HTMLElement} */ (slide.querySelector(".sheet"));
  for (let zoom = Number(sheet.style.getPropertyValue("--zoom") || 1); slide.scrollHeight > slide.clientHeight + 1; ) {
    zoom -= 0.05;
    if (zoom < SMALLEST) return;
    sheet.style.setProperty("--zoom", String(zoom));
  }
}

/** What a slide is called in the overview. @param {Element} slide */
function titleOf(slide) {
  const heading = slide.querySelector("h1, h2, h3");
  const text = heading?.firstChild?.textContent ?? slide.querySelector("iframe")?.title ?? slide.textContent ?? "";
  return text.trim().slice(0, 90);
}

function next() {
  const waits = slides[at].querySelector(".waits");
  if (waits) waits.classList.remove("waits");
  else show(at + 1);
}

const back = () => show(at - 1, true);

function toggleNotes() {
  const on = document.body.classList.toggle("with-notes");
  control("[data-do=notes]").setAttribute("aria-pressed", String(on));
  fit(slides[at]);
}

function list() {
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("dialog.list"));
  if (dialog.open) return dialog.close();
  const items = slides.map((slide, n) => {
    const [item, button] = [document.createElement("li"), document.createElement("button")];
    button.textContent = titleOf(slide);
    button.addEventListener("click", () => {
      dialog.close();
      show(n);
    });
    item.classList.toggle("section", slide.matches(".section"));
    item.append(button);
    return item;
  });
  dialog.querySelector("ol")?.replaceChildren(...items);
  dialog.showModal();
  items[at].querySelector("button")?.focus();
}

/** @type {Record<string, () => void>} */
const ACTS = {
  ...{ ArrowRight: next, PageDown: next, " ": next, ArrowLeft: back, PageUp: back },
  ...{ Home: () => show(0), End: () => show(slides.length - 1, true), n: toggleNotes, o: list },
  f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
};
const OWN_KEYS = "input, select, textarea, dialog *"; // what has the focus and needs them itself
const OWN_SPACE = "button, summary, a";

addEventListener("keydown", (event) => {
  const { target, key } = event;
  const own = target instanceof Element && (target.matches(OWN_KEYS) || (key === " " && target.matches(OWN_SPACE)));
  if (own || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(ACTS, key)) return;
  event.preventDefault();
  ACTS[key]();
});

addEventListener("message", ({ source, data }) => {
  const frame = [...document.querySelectorAll("iframe")].find((each) => each.contentWindow === source);
  if (frame && data > 0) {
    measured.add(frame);
    requestAnimationFrame(() => slides.length && fit(slides[at])); // by then the frame has that height
  } else if (data?.key === "Escape") {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    window.focus();
  } else if (data?.key === "PageUp" || data?.key === "PageDown") ACTS[data.key]();
});

/** Where the address leads: to a slide, or to the slide of a control. */
function goToAddress() {
  const there = place && document.getElementById(place)?.closest(".slide");
  show(there instanceof HTMLElement ? slides.indexOf(there) : 0);
}

addEventListener("DOMContentLoaded", () => {
  slides = [...document.querySelectorAll(".slide")].map((slide) => /** @type {HTMLElement} */ (slide));
  document.body.classList.add("ready");
  for (const [name, act] of Object.entries({ list, notes: toggleNotes, back, next }))
    control(`[data-do=${name}]`).addEventListener("click", act);
  const sizes = new ResizeObserver(() => fit(slides[at]));
  for (const slide of slides) sizes.observe(/** @type {HTMLElement} */ (slide.querySelector(".sheet")));
  goToAddress();
});
addEventListener("resize", () => show(at, true));
addEventListener("hashchange", goToAddress); // page.js has read it
