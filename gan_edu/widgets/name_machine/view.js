/* The name machine: names of networks beside each other, and a game of which name is real, each behind a tab. */

import { make } from "../kit/dom.js";
import { Host } from "../kit/host.js";
import { footer, header } from "../kit/layout.js";
import { Tabs } from "../kit/tabs.js";
import { say } from "../kit/words.js";
import { Game } from "./game.js";
import { Machine } from "./machine.js";
import look from "./name_machine.css";

export const TRAITS = ["board", "pairs", "tab", "temperature", "beginning", "take", "guesses", "answer", "dealt"]; // as in widget.py

export class NameMachine extends Host {
  /** @param {HTMLElement} element @param {import("../kit/store.js").Store} store */
  constructor(element, store) {
    super(element, store, "name_machine", "title", look);
    const draw = () => this.draw();
    this.machine = new Machine(store, draw);
    this.game = new Game(store, draw);
    const luck = store.get("board").labels.length > 1 ? [say("sameLuck")] : [];
    const hints = [say("keysMachine"), say("softmax"), ...luck, say("underlined")];
    const views = {
      machine: { words: say("machine"), nodes: [...this.machine.nodes, footer(...hints)] },
      game: { words: say("game"), nodes: [...this.game.nodes, footer(say("keysGame"), say("chosenBefore"))] },
    };
    this.tabs = new Tabs(say("views"), views, (tab) => store.set({ tab }));
    this.begin();
  }
  build() {
    this.root.append(header(say("title"), say("subtitle")), this.tabs.row, make("div", {}, ...this.tabs.panels));
  }
  paint() {
    const tab = this.store.get("tab");
    this.tabs.show(tab);
    this.machine.show();
    this.game.show();
  }
  destroy() {
    this.machine.answers.rest();
    this.game.deal.rest();
    super.destroy();
  }
}
