/* The secret message: ciphers and what a frame reads, held to Python's; what is typed, read as letters and spaces. */

import assert from "node:assert/strict";
import test from "node:test";
import * as cipher from "../../gan_edu/widgets/secret_message/cipher.js";
import { read } from "../../gan_edu/widgets/secret_message/typed.js";
import { stored } from "./stored.mjs";

const { texts, words, text, hidden, key, frames, stands, sure, right } = stored("secret_message");

test("a text is read as Python reads it", () => {
  for (const [typed, symbols] of texts) assert.deepEqual(cipher.letters(typed), symbols, typed);
  assert.deepEqual(cipher.letters("漢 12"), []);
  assert.equal(cipher.spelled(cipher.letters("Attack, at dawn!")), "attack at dawn");
});

test("the key of a word is Python's; any key is a permutation, each as likely", () => {
  for (const [word, wanted] of words) assert.deepEqual(cipher.keywordKey(cipher.letters(word)), wanted, word);
  const counts = Array.from({ length: cipher.SYMBOLS }, () => 0);
  for (let n = 0; n < 2700; n++) {
    const any = cipher.randomKey();
    if (n < 20)
      assert.deepEqual(
        [...any].sort((a, b) => a - b),
        key.toSorted((/** @type {number} */ a, /** @type {number} */ b) => a - b),
      );
    counts[any[0]] += 1;
  }
  assert.ok(Math.min(...counts) > 50 && Math.max(...counts) < 160, String(counts)); // 100 on average, σ ≈ 10
  assert.deepEqual(
    cipher.randomKey(() => 0.999999),
    [...Array(27).keys()],
  );
});

test("a cipher text, what a frame reads of it and how surely are Python's; of two as likely the first", () => {
  assert.deepEqual(
    text.map((/** @type {number} */ symbol) => key[symbol]),
    hidden,
  );
  for (const [k, frame] of frames.entries()) {
    const found = cipher.readingOf(Uint8Array.from(frame));
    assert.deepEqual(found, { stands: stands[k], sure: sure[k] });
    assert.equal(cipher.countRight(text, key, found.stands), right[k]);
  }
  const undone = key.map((/** @type {number} */ _, /** @type {number} */ k) => key.indexOf(k));
  assert.equal(cipher.countRight(text, key, undone), text.length);
  assert.equal(right.at(-1), text.length);
});

test("the likeliest letters of a row, none that is impossible", () => {
  const row = new Uint8Array(27);
  [row[4], row[2], row[9], row[26]] = [51, 102, 51, 1];
  const found = cipher.likeliest(row, 3).map(({ symbol, share }) => [symbol, share]);
  assert.deepEqual(found, [
    [2, 0.4],
    [4, 0.2],
    [9, 0.2],
  ]);
  assert.equal(cipher.likeliest(row, 9).length, 4);
  assert.equal([0, 25, 26].map(cipher.sealed).join(""), "AZ␣");
});

test("what is typed is read, or it is said why not", () => {
  const bare = (/** @type {string} */ typed) => {
    const { odd, ...rest } = read(typed, 12);
    return { ...rest, text: cipher.spelled(rest.text), odd: odd.map((sign) => sign.replace(/[\u2068\u2069]/g, "")) };
  };
  const fine = { odd: [], cut: "", none: "" };
  assert.deepEqual(bare(" Don’t, Café! "), { text: "dont cafe", ...fine });
  assert.deepEqual(bare("at 5 漢 5 o👩‍👧🏽"), { text: "at o", ...fine, odd: ["5", "漢", "👩‍👧🏽"] });
  assert.deepEqual(bare("a<b>\u0000"), { text: "a b", ...fine, odd: ["<", ">", "U+0000"] });
  assert.deepEqual(bare(""), { text: "", ...fine, none: "empty" });
  assert.deepEqual(bare(" \t"), { text: "", ...fine, none: "empty" });
  assert.deepEqual(bare("שלום 12"), { text: "", ...fine, none: "noLetter" });
  assert.deepEqual(bare("twelve chars"), { text: "twelve chars", ...fine });
  assert.deepEqual(bare("Straße, Æther"), { text: "strasse aeth", ...fine, cut: "er" });
  assert.deepEqual(bare("thirteen char"), { text: "thirteen cha", ...fine, cut: "r" });
  assert.deepEqual(bare("eleven char and more 7"), { text: "eleven char", ...fine, cut: "and more", odd: ["7"] });
  assert.deepEqual(bare("x".repeat(36)), { text: "x".repeat(12), ...fine, cut: "x".repeat(24) });
  assert.deepEqual(bare("x".repeat(37)), { text: "x".repeat(12), ...fine, cut: `${"x".repeat(24)}…` });
  assert.deepEqual(bare("x".repeat(1e6)), { text: "x".repeat(12), ...fine, cut: `${"x".repeat(24)}…` });
  assert.deepEqual(bare(`a${" ".repeat(3000)}b`), { text: "a", ...fine, cut: "…" });
});
