/* How the latent explorer looks, beyond the replay. */

const LATENT_STYLE = `
.latent .explorer { display: grid; grid-template: "samples doing" auto "near doing" 1fr / minmax(0, 5fr) minmax(0, 7fr); gap: 10px 24px; align-items: start }
.latent .samples { grid-area: samples } .latent .doing { grid-area: doing } .latent .near { grid-area: near } .latent .explorer > * { min-width: 0 }
.latent canvas { width: 100%; max-width: calc(320px * var(--shape)); height: auto; aspect-ratio: var(--shape); background: #000; border-radius: 4px; cursor: inherit; touch-action: auto }
.latent .places { display: flex; align-items: center; gap: 5px; min-height: 30px; margin-bottom: 8px; color: var(--soft); font-size: 12.5px } .latent .places span { margin-right: 4px }
.latent .places button { min-width: 30px; padding: 0 6px; height: 26px; font-weight: 700 } .latent [role=radio][aria-checked=true] { background: var(--ink); color: var(--card); border-color: var(--ink) }
.latent .tiles { display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); gap: 3px }
.latent .tiles button, .latent .around button, .latent .around span { position: relative; display: block; width: 100%; height: auto; min-width: 0; padding: 2px; border: 1px solid transparent; border-radius: 6px; background: none; line-height: 0 }
.latent .tiles button:hover:enabled, .latent .around button:hover { border-color: var(--edge) } .latent .tiles button:disabled { cursor: default } .latent .tiles .picked { border-color: var(--ink); box-shadow: 0 0 0 1px var(--ink) }
.latent .marks { position: absolute; left: -3px; top: -3px; z-index: 1; display: flex; flex-wrap: wrap; gap: 2px }
.latent .badge { width: 18px; height: 18px; margin: 0; background: var(--card); color: var(--ink); border-color: var(--ink); line-height: 1 }
.latent .made { display: flex; gap: 6px; align-items: center; color: var(--soft); font-size: 12.5px; margin-bottom: 8px }
.latent select { font: inherit; color: var(--ink); background: var(--field); border: 1px solid var(--line); border-radius: 7px; height: 30px; padding: 0 6px; min-width: 0; max-width: 100% }
.latent .near { color: var(--soft); font-size: 12px } .latent .near .row { display: grid; grid-template-columns: repeat(5, minmax(0, 62px)); gap: 6px; margin-top: 4px } .latent .near figcaption { display: block; text-align: center; margin-top: 1px }
.latent .tabs { display: flex; gap: 4px; border-bottom: 1px solid var(--line); margin-bottom: 10px } .latent .tabs button { background: none; border: 0; border-bottom: 2px solid transparent; border-radius: 4px 4px 0 0; color: var(--soft); padding: 0 10px }
.latent .tabs [aria-selected=true] { color: var(--ink); font-weight: 600; border-bottom-color: var(--ink) }
.latent .stale { opacity: .5 }
.latent .pair-of-paths { display: grid; grid-template-columns: repeat(2, minmax(0, 190px)); gap: 16px } .latent .pair-of-paths figcaption { display: flex; align-items: center; justify-content: flex-start; gap: 8px; color: var(--ink); font-size: 13px; margin-bottom: 4px } .latent .pair-of-paths b { font-weight: 600 }
.latent .words { display: block; color: var(--soft); font-size: 12px; margin-top: 4px; min-height: 17px }
.latent .sign { color: var(--ink); fill: none } .latent .sign.wide { width: 26px; margin: 0 }
.latent .slide-row { display: flex; align-items: center; gap: 8px; margin: 10px 0 8px } .latent input[type=range] { flex: 1; min-width: 0; width: 100%; height: 18px; margin: 0; accent-color: var(--ink); cursor: pointer } .latent .t { min-width: 56px; text-align: right; font-weight: 600; font-size: 13px }
.latent .strip { display: grid; grid-template-columns: repeat(9, minmax(0, 1fr)); gap: 3px; cursor: pointer } .latent .strip canvas { border-radius: 2px; outline-offset: -2px } .latent .strip .here { outline: 2px solid var(--focus) }
.latent .lengths { margin-top: 10px } .latent .length-box { position: relative; height: 104px; cursor: pointer; touch-action: pan-y; user-select: none } .latent .length-box svg { position: absolute; inset: 0; display: block }
.latent .band { fill: color-mix(in srgb, var(--soft) 26%, var(--card)) } .latent .swatch { display: inline-block; width: 14px; height: 9px; background: color-mix(in srgb, var(--soft) 26%, var(--card)); margin-right: 4px } .latent .plot { color: var(--ink) } .latent .mark { color: var(--ink) }
.latent .duo { display: grid; grid-template-columns: minmax(0, 320px) minmax(0, 1fr); gap: 16px; align-items: start } .latent .beside { display: grid; gap: 8px; font-size: 12.5px; color: var(--soft) } .latent .beside > canvas { max-width: 150px } .latent .beside label { display: flex; align-items: center; gap: 8px } .latent .beside label span { min-width: 46px; white-space: nowrap } .latent .beside .words { margin: 0 } .latent .beside > button { justify-self: start }
.latent .field { position: relative; display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 0; cursor: crosshair; touch-action: none } .latent .field canvas { border-radius: 0 }
.latent .ring { position: absolute; width: calc(100% / 7); height: calc(100% / 7); border: 2px solid #fff; outline: 2px solid #1b1f24; pointer-events: none }
.latent .corner { position: absolute; pointer-events: none } .corner.a, .corner.c { left: -4px } .corner.b, .corner.d { right: -4px } .corner.a, .corner.b { top: -4px } .corner.c, .corner.d { bottom: -4px }
.latent .around { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 3px }
.latent .twins { font-size: 12.5px; margin-bottom: 8px; border-left: 3px solid var(--fake); padding-left: 8px }
.latent .alert { margin-bottom: 10px; padding: 8px 10px; border: 1.5px solid var(--fake); border-radius: 7px; overflow-wrap: anywhere }
@container replay (max-width: 719.9px) { .latent .explorer { grid-template: "samples" "doing" "near" / minmax(0, 1fr) } .latent .tiles { max-width: 440px } .latent .pair-of-paths { grid-template-columns: repeat(2, minmax(0, 200px)) } }
@container replay (max-width: 480px) { .latent .pair-of-paths .words { font-size: 11px; white-space: nowrap } .latent .pair-of-paths { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px } .latent .duo { grid-template-columns: minmax(0, 1fr) } .latent .tabs button { padding: 0 6px; white-space: nowrap } .latent .slide-row { flex-wrap: wrap } .latent .slide-row input { order: 0 } }
@media (pointer: coarse) { .latent .places button { height: 40px; min-width: 42px } .latent .tabs button { height: 42px } .latent input[type=range] { height: 30px } .latent select { height: 40px } }
`;
