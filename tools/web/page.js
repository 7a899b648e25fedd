/* The page around controls: its address holds their settings, so that a link opens the page at a control as it stands.
 *
 * `#saddle?d=0.5&g=1;density_player?shape=box` names places by their ids, first the one to be seen. What a setting may
 * hold, the control itself decides (kit/shared.js); here it is a text. */

const ID = /^[\w-]{1,80}$/;
const SETTING = /^[\w.~%,=&!'()*-]{0,1000}$/;
const MOST = 20; // places in an address

/** @type {Map<string, string>} settings by id, of controls that are not as the page made them */
const settings = new Map();
/** @type {Set<string>} ids of the controls that have said they are there */
const alive = new Set();
let place = ""; // the id of what is to be seen

/** Takes over what the address holds. @returns {string[]} ids of the controls that it names */
function readAddress() {
  const parts = location.hash
    .slice(1)
    .split(";", MOST)
    .map((part) => part.split("?"));
  const named = parts.filter(([id, setting = ""]) => ID.test(id) && SETTING.test(setting));
  place = named[0]?.[0] ?? "";
  for (const [id, setting = ""] of named) settings.set(id, setting);
  return named.map(([id]) => id);
}

/** What stands for a place in an address. @param {string} id */
const told = (id) => (settings.get(id) ? `${id}?${settings.get(id)}` : id);

function writeAddress() {
  const others = [...settings.keys()].filter((id) => id !== place && settings.get(id));
  history.replaceState(null, "", `#${[place, ...others].filter(Boolean).map(told).join(";")}`);
}

/** The frame of a control. @param {string} id @returns {HTMLIFrameElement | null} */
const frameOf = (id) => document.querySelector(`.control#${CSS.escape(id)} iframe`);

/** Gives a control its setting; without one it is as the page made it. @param {string} id */
const give = (id) => frameOf(id)?.contentWindow?.postMessage({ setting: settings.get(id) ?? "" }, "*");

/** @param {string} id @param {string} setting */
function hear(id, setting) {
  if (!alive.has(id)) {
    alive.add(id);
    document.querySelector(`#${CSS.escape(id)} .share button`)?.removeAttribute("hidden");
    if (settings.get(id)) give(id);
  } else if (SETTING.test(setting) && setting !== settings.get(id)) {
    settings.set(id, setting);
    touched(id);
    writeAddress();
  }
}

/** What a learner has touched is the place; on a slide, the slide is. @param {string} id */
function touched(id) {
  if (document.activeElement === frameOf(id) && !document.querySelector(".slide")) place = id;
}

addEventListener("message", ({ source, data }) => {
  if (typeof data?.setting !== "string") return;
  const frame = [...document.querySelectorAll("iframe")].find((each) => each.contentWindow === source);
  const id = frame?.closest(".control")?.id;
  if (id) hear(id, data.setting);
});

/** Brings the place into view, and keeps it there while what stands above it grows, until a hand moves the page. */
function goToPlace() {
  const node = document.getElementById(place);
  if (!node?.classList.contains("control")) return;
  const sizes = new ResizeObserver(() => node.scrollIntoView());
  sizes.observe(document.body);
  for (const hand of ["wheel", "pointerdown", "keydown", "touchstart"])
    addEventListener(hand, () => sizes.disconnect(), { once: true, capture: true, passive: true });
  addEventListener("blur", () => sizes.disconnect(), { once: true }); // into a control's frame
}

addEventListener("hashchange", () => {
  for (const id of readAddress()) if (alive.has(id)) give(id);
  goToPlace();
});
addEventListener("DOMContentLoaded", goToPlace);
readAddress();

/** Puts a link into the clipboard, or, where a browser gives none, where it can be copied from.
 * @param {Element} control @param {Element} button */
async function copyLink(control, button) {
  const link = `${location.href.split("#")[0]}#${told(control.id)}`;
  const answer = document.createElement("output");
  control.querySelector("output")?.remove();
  button.before(answer);
  try {
    await navigator.clipboard.writeText(link);
    answer.textContent = "Copied.";
  } catch {
    const field = document.createElement("input");
    Object.assign(field, { readOnly: true, value: link, ariaLabel: "Link to this setting" });
    answer.append(field);
    field.select();
  }
}

addEventListener("click", ({ target }) => {
  if (!(target instanceof Element) || !target.matches(".share button")) return;
  const control = target.closest(".control");
  if (control) copyLink(control, target);
});
