/* What a reader answered, kept by the browser, and by the page of a chapter for the frames in it, which may keep
 * nothing: it gets {keep, value} and tells {kept, value} to all of them.
 */

/** @typedef {{guess: unknown, skipped: boolean}} Made */

/** The answer to a question.
 * @template [T=Made]
 * @param {{key: string, question: string}} asked @param {(made: T, news: boolean) => void} hear told now, if there is
 *   one, and when another frame has a new one, which is news */
export function kept({ key, question }, hear) {
  const name = `gan_edu.guess/${key}/${question}`;
  const told = (/** @type {MessageEvent} */ { data, source }) => {
    if (source === parent && data?.kept === name) hear(data.value, true);
  };
  addEventListener("message", told);
  const own = stored(name);
  if (own) hear(own, false);
  if (parent !== window) parent.postMessage({ kept: name }, "*");
  return {
    /** @param {T} value */
    keep(value) {
      try {
        localStorage.setItem(name, JSON.stringify(value));
      } catch {
        /* a frame without a place of its own: the page that it stands in may have one */
      }
      if (parent !== window) parent.postMessage({ keep: name, value }, "*");
    },
    end: () => removeEventListener("message", told),
  };
}

/** @param {string} name */
function stored(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}
