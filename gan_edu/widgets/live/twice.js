/* A button that asks once more where something would be lost. */

import { say } from "../kit/words.js";

const SURE = 4000; // ms in which a second click is meant

export class Twice {
  /** @param {HTMLButtonElement} button @param {string} words
   * @param {string} question in their place until the second click
   * @param {() => boolean} loses whether something would be lost now @param {() => void} act */
  constructor(button, words, question, loses, act) {
    this.button = button;
    this.words = words;
    this.question = question;
    this.sure = 0; // the time that is left
    button.addEventListener("click", () => {
      const ask = loses() && !this.sure;
      this.forget();
      if (ask) this.ask();
      else act();
    });
    this.show();
  }
  ask() {
    this.sure = window.setTimeout(() => this.forget(), SURE);
    this.show();
  }
  forget() {
    clearTimeout(this.sure);
    this.sure = 0;
    this.show();
  }
  show() {
    const { words, question } = this;
    this.button.replaceChildren(this.sure ? question : words);
    this.button.setAttribute("aria-label", this.sure ? say("trainedIsLost", { question }) : words);
  }
}
