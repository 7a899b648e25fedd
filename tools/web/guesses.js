/* Frames may keep nothing: a guess made in one is kept by the page around it, and told to all of them. */

/** @type {Map<string, unknown>} guesses by name, where the browser keeps none */
const guesses = new Map();

/** The guess of a name, of this visit or of an earlier one. @param {string} name */
function guessed(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") ?? guesses.get(name);
  } catch {
    return guesses.get(name);
  }
}

/** @param {string} name @param {unknown} value */
function keepGuess(name, value) {
  guesses.set(name, value);
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // kept until the page is left
  }
}

addEventListener("message", ({ data, source }) => {
  const frames = [...document.querySelectorAll("iframe")].map((frame) => frame.contentWindow);
  const asks = frames.find((frame) => frame === source);
  const name = data?.keep ?? data?.kept;
  if (!asks || typeof name !== "string" || !name.startsWith("gan_edu.guess/")) return;
  if (data.keep) keepGuess(name, data.value);
  const value = guessed(name);
  if (value) for (const frame of data.keep ? frames : [asks]) frame?.postMessage({ kept: name, value }, "*");
});
