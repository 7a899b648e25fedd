/* The name machine: what guessing gives, held to scipy's binomial; scores; what is typed, read as text. */

import assert from "node:assert/strict";
import test from "node:test";
import { speak } from "../../gan_edu/widgets/kit/words.js";
import { choiceOf, guessing, scoreOf } from "../../gan_edu/widgets/name_machine/luck.js";
import { read } from "../../gan_edu/widgets/name_machine/typed.js";
import { stored } from "./stored.mjs";

speak({ space: "the space" });
const NAMES = { letters: "abcdefghijklmnopqrstuvwxyz", most: 5 };

test("what guessing gives is scipy's binomial", () => {
  const { ranges } = stored("name_machine");
  assert.equal(ranges.length, 201);
  for (const [n, range] of ranges.entries()) assert.deepEqual(guessing(n), range, String(n));
});

test("a score counts the rounds played, of one network or of all; D takes the first of two alike", () => {
  const pairs = [
    { real: 0, by: "A", judged: [0.6, 0.4] },
    { real: 1, by: "B", judged: [0.5, 0.5] },
    { real: 1, by: "A", judged: [0.2, 0.3] },
    { real: 0, by: "A", judged: [0.9, 0.1] },
  ].map(
    (pair) => /** @type {import("../../gan_edu/widgets/name_machine/luck.js").Pair} */ ({ names: ["x", "y"], ...pair }),
  );
  assert.equal(choiceOf([0.5, 0.5]), 0);
  assert.deepEqual(scoreOf(pairs, [1, 1, 1]), { count: 3, you: 2, d: 2 });
  assert.deepEqual(scoreOf(pairs, [1, 1, 1], "A"), { count: 2, you: 1, d: 2 });
  assert.deepEqual(scoreOf(pairs, [1, 1, 1], "B"), { count: 1, you: 1, d: 0 });
  assert.deepEqual(scoreOf(pairs, [], "B"), { count: 0, you: 0, d: 0 });
  assert.equal(scoreOf([{ ...pairs[0], judged: null }], [0]).d, 0);
});

const fine = (/** @type {string} */ beginning) => ({ beginning, odd: [], long: 0 });

test("letters are read, capitals as small ones where there are no others, space around them not at all", () => {
  assert.deepEqual(read("", NAMES), fine(""));
  assert.deepEqual(read(" \t ", NAMES), fine(""));
  assert.deepEqual(read(" Mar ", NAMES), fine("mar"));
  assert.deepEqual(read("Mar", { letters: "Mar", most: 9 }), fine("Mar"));
  assert.deepEqual(read("a b ", { letters: "ab ", most: 9 }), fine("a b "));
  assert.deepEqual(read("a\u0308", { letters: "ä", most: 1 }), fine("ä"));
  assert.deepEqual(read("ä", { letters: "a\u0308", most: 2 }), fine("a\u0308"));
  assert.deepEqual(read("漢", { letters: "漢字", most: 2 }), fine("漢"));
});

test("what no name holds is named as one sees it, each once", () => {
  const odd = (/** @type {string} */ typed) =>
    read(typed, NAMES).odd.map((each) => each.replace(/[\u2068\u2069]/g, ""));
  assert.deepEqual(odd("mäÄä漢"), ["ä", "Ä", "漢"]);
  assert.deepEqual(odd("a\u0308"), ["ä"]);
  assert.deepEqual(odd("m👩‍👧🏽x"), ["👩‍👧🏽"]);
  assert.deepEqual(odd("<b>&\"'"), ["<", ">", "&", '"', "'"]);
  assert.deepEqual(odd("שלום"), ["ש", "ל", "ו", "ם"]);
  assert.deepEqual(odd("a b"), ["the space"]);
  assert.deepEqual(odd("a\u0000b\u200bc\ud800"), ["U+0000", "U+200B", "U+D800"]);
  assert.deepEqual(read("mä", NAMES), { beginning: "", odd: ["\u2068ä\u2069"], long: 0 });
});

test("too many letters are counted, as one sees code points", () => {
  assert.deepEqual(read("abcde", NAMES), fine("abcde"));
  assert.equal(read("abcdef", NAMES).long, 6);
  assert.equal(read("x".repeat(1e5), NAMES).long, 1e5);
  assert.deepEqual(read("🍏🍏", { letters: "🍏", most: 2 }), fine("🍏🍏"));
});
