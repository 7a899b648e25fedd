/* Marks and formulas, read as Python reads them; and what was answered. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { after, count, fits, pressed, state } from "../../gan_edu/widgets/quiz/given.js";
import { inSigns, parts, runs } from "../../gan_edu/widgets/quiz/marked.js";
import { stored } from "./stored.mjs";

const { texts, formulas } = stored("quiz");
const QUIZZES = new URL("../../gan_edu/quizzes/", import.meta.url);

test("a text has the pieces that Python finds", () => {
  for (const [text, pieces] of texts)
    assert.deepEqual(
      parts(text).map(({ kind, text: piece }) => [kind, piece]),
      pieces,
    );
});

test("a formula is read out as Python has it", () => {
  for (const [formula, signs] of formulas) assert.equal(inSigns(runs(formula)), signs);
});

test("no formula of a quiz holds what is not known", () => {
  let seen = 0;
  for (const folder of ["en", "zh"])
    for (const name of readdirSync(new URL(`${folder}/`, QUIZZES)))
      for (const [, formula] of readFileSync(new URL(`${folder}/${name}`, QUIZZES), "utf8").matchAll(/\$([^$]+)\$/g)) {
        assert.ok(!/[\\{}]/.test(inSigns(runs(JSON.parse(`"${formula}"`)))), formula);
        seen += 1;
      }
  assert.ok(seen > 100);
});

test("letters slant, names and words stand, scripts are raised or lowered", () => {
  assert.deepEqual(runs("\\log p_{data}"), [
    { text: "log ", slanted: false },
    { text: "p", slanted: true },
    { raised: false, inside: [..."data"].map((text) => ({ text, slanted: false })) },
  ]);
  assert.deepEqual(runs("e^{l_k}")[1], {
    raised: true,
    inside: [
      { text: "l", slanted: true },
      { raised: false, inside: [{ text: "k", slanted: true }] },
    ],
  });
  assert.deepEqual(runs("\\mathrm{JS}\\sigma"), [
    { text: "J", slanted: false },
    { text: "S", slanted: false },
    { text: "σ", slanted: true },
  ]);
  assert.deepEqual(runs("x^"), [
    { text: "x", slanted: true },
    { raised: true, inside: [] },
  ]); // half a formula breaks nothing
});

const question = { key: "a", asks: "?", right: 2, answers: [0, 1, 2, 3].map((k) => ({ says: `${k}`, why: "" })) };
const other = { ...question, key: "b", right: 0 };

test("the first answer counts, and each is kept once", () => {
  const given = [1, 2, 1].reduce((so, place) => after(so, "a", place), {});
  assert.deepEqual(pressed(given, "a"), [1, 2]);
  assert.deepEqual(pressed(given, "b"), []);
  assert.equal(state(given, question), "wrong");
  assert.equal(state({ a: [2, 1] }, question), "right");
  assert.equal(state({ a: [] }, question), "open");
  assert.deepEqual(count({ a: [1, 2], b: [0] }, [question, other]), { done: 2, right: 1 });
  assert.deepEqual(count({}, [question, other]), { done: 0, right: 0 });
});

test("what may have been kept is an answer of this question", () => {
  for (const places of [[], [0], [3, 0, 2, 1]]) assert.ok(fits(places, question));
  for (const places of [null, 1, "0", [4], [-1], [0, 0], [0.5], ["0"], [Number.NaN]])
    assert.ok(!fits(places, question));
});
