/* How the replay looks, light and dark; the other controls build on it. */

const STYLE = `
:host { display: block; all: initial; display: block }
.replay {
  --ink: #1b1f24; --soft: #5b6570; --line: #d9dee4; --field: #f5f7f9; --edge: #87919c; --focus: #1a73e8;
  --card: var(--jp-layout-color1, var(--vscode-editor-background, #fff));
  --real: #0072B2; --fake: #D55E00; --d: #00795A; --g: #A0458A;
  --run0: #1b1f24; --run1: #8a6100; --run2: #c2255c; --run3: #5f3dc4; --run4: #5b6570;
  container: replay / inline-size; box-sizing: border-box; max-width: 1120px; padding: 16px 18px 10px; outline: none;
  background: var(--card); color: var(--ink); border: 1px solid var(--line); border-radius: 10px; color-scheme: light;
  font: 14px/1.45 var(--jp-ui-font-family, var(--vscode-font-family, system-ui, sans-serif)); font-variant-numeric: tabular-nums;
}
.replay[data-theme=dark] {
  --ink: #e8eaed; --soft: #9aa4ae; --line: #39414a; --field: #272c32; --edge: #6b7682; --focus: #8ab4f8;
  --card: var(--jp-layout-color1, var(--vscode-editor-background, #1e2227));
  --real: #56B4E9; --fake: #F0954B; --d: #3FC49B; --g: #D98BC6;
  --run0: #e8eaed; --run1: #e0b040; --run2: #ff8aa8; --run3: #b3a1ff; --run4: #9aa4ae; color-scheme: dark;
}
* { box-sizing: border-box } [hidden] { display: none !important }
h3, h4, p, figure { margin: 0 } h3 { font-size: 15px; font-weight: 600 } .subtitle { color: var(--soft); font-size: 12.5px; margin-top: 2px }
header { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: flex-start; justify-content: space-between; margin-bottom: 12px }
.titles { flex: 1 1 200px; min-width: 0; overflow-wrap: anywhere }
button { font: inherit; color: var(--ink); background: var(--field); border: 1px solid var(--line); border-radius: 7px; height: 30px; min-width: 34px;
  padding: 0 9px; margin: 0; display: inline-flex; align-items: center; justify-content: center; gap: 5px; cursor: pointer; touch-action: manipulation }
button:hover { border-color: var(--edge) }
button.main { background: var(--ink); color: var(--card); border-color: var(--ink); min-width: 82px }
button.main:hover { opacity: .88 } .icon { width: 13px; height: 13px; fill: currentColor; flex: none }
button[aria-pressed=true] { background: color-mix(in srgb, var(--ink) 16%, var(--card)); border-color: var(--edge) }
button:focus-visible, input:focus-visible, canvas:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px }
.switch { background: none; border-color: transparent; padding: 0; height: 26px; gap: 8px; white-space: nowrap } .switch:hover { border-color: transparent }
.knob { width: 30px; height: 17px; border-radius: 9px; background: var(--card); border: 1.5px solid var(--edge); position: relative; flex: none }
.knob::after { content: ""; position: absolute; left: 2px; top: 2px; width: 10px; height: 10px; border-radius: 50%; background: var(--edge); transition: left .12s }
[aria-checked=true] .knob { background: var(--ink); border-color: var(--ink) } [aria-checked=true] .knob::after { left: 15px; background: var(--card) }
.column { min-width: 0 } .pair { display: flex; gap: 16px } .grid { flex: 0 1 min(336px, 50%); min-width: 0 } .side { flex: 1 0 246px; min-width: 0 }
.frame { position: relative; width: 100%; background: #000; border-radius: 6px; overflow: hidden }
canvas { display: block; width: 100%; height: 100%; image-rendering: pixelated; border-radius: 6px; cursor: crosshair; touch-action: pan-y }
canvas:focus-visible { outline-offset: -2px }
.message { position: absolute; inset: 0; display: grid; place-items: center; text-align: center; padding: 16px; color: #e8eaed; background: #1e2227; font-size: 13px; overflow-wrap: anywhere; pointer-events: none }
.readout { color: var(--soft); font-size: 12px; min-height: 18px; margin-top: 5px; display: flex; align-items: center; gap: 0 4px; flex-wrap: wrap; white-space: nowrap; overflow: hidden }
.readout .gap { width: 8px } .now .big { font-size: 26px; font-weight: 650; line-height: 1.1 } .now .small { color: var(--soft); font-size: 13px; margin: 4px 0 10px }
.sign { width: 18px; height: 10px; flex: none; margin-right: 5px; display: inline-block; vertical-align: middle; overflow: visible; fill: currentColor }
.sign .line { fill: none; stroke: currentColor; stroke-width: 2.2 }
.sign.d { color: var(--d) } .sign.g { color: var(--g) } .sign.real, .sign.box-real { color: var(--real) } .sign.fake, .sign.box-fake { color: var(--fake) }
table { width: 100%; border-collapse: collapse; font: inherit; color: inherit } th { text-align: left; font-weight: 400; font-size: 13.5px; color: var(--soft); padding: 2px 6px 2px 0; white-space: nowrap }
td { text-align: right; font-weight: 600; padding: 2px 0; white-space: nowrap } .head td, td.ideal { color: var(--soft); font-weight: 400; padding-left: 10px; font-size: 12.5px }
.head td { font-size: 11.5px; padding-top: 0 } small { font-size: 11.5px; color: var(--soft); font-weight: 400 }
th, th span, .chip, .thead b, .thead button span { max-width: 260px; overflow: hidden; text-overflow: ellipsis } .name, .groups, .verdict, dl { overflow-wrap: anywhere }      /* names of any length */
.note, .own { color: var(--soft); font-size: 12px }
.balance { margin-top: 8px } figcaption { color: var(--soft); font-size: 12px; display: flex; justify-content: space-between; gap: 0 8px; flex-wrap: wrap }
.bars { position: relative; height: 34px; display: flex; align-items: flex-end; gap: 3px; border-bottom: 1px solid var(--edge); margin-top: 4px }
.bars i { flex: 1; background: var(--edge); border-radius: 2px 2px 0 0; min-height: 0 }
.bars i.over { background: linear-gradient(var(--card) 0 3px, var(--edge) 3px 6px, var(--card) 6px 8px, var(--edge) 8px) }
td.lost { white-space: normal; font-weight: 400 } .unknown { position: absolute; inset: 0; display: grid; place-items: start center }
.level { position: absolute; left: 0; right: 0; border-top: 1.5px dotted var(--ink) }
.classes { display: flex; gap: 3px; color: var(--soft); font-size: 10.5px; line-height: 1.3 } .classes span { flex: 1; text-align: center }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 12px 0 6px } .still .controls { display: none }
.slide { flex: 1 1 150px; min-width: 0; position: relative; padding: 7px 2px 19px; margin: 0 2px } .slide input { display: block; width: 100%; margin: 0; height: 16px; accent-color: var(--ink); cursor: pointer }
.controls button { margin-bottom: 12px }
.scale { position: absolute; left: 2px; right: 2px; bottom: 1px; height: 13px; color: var(--soft); font-size: 10.5px; line-height: 13px } .scale span { position: absolute; transform: translateX(-50%); white-space: nowrap }
.speed { min-width: 46px }
.chart { margin-top: 6px; min-width: 0 } .legend { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 8px; font-size: 12px; color: var(--soft) } .legend > b { color: var(--ink); font-weight: 600 }
.push { flex: 1 } .entries { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0 8px; margin-left: auto; min-width: 0 } .entry { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 100% } .entry .sign { margin-right: 3px }
.chart-box { position: relative; height: 84px; cursor: pointer; touch-action: pan-y; user-select: none } .chart:last-child .chart-box { height: 98px }
.chart-box svg { position: absolute; inset: 0; display: block } .over { will-change: transform; overflow: visible }
svg text { fill: var(--soft); font-size: 11px } svg .halo { paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round } svg .letter { font-weight: 700; fill: var(--ink) }
.change { fill: var(--ink) } .axis { stroke: var(--edge); stroke-width: 1; fill: none } .rule { stroke: var(--line); stroke-width: 1; fill: none }
.series { fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linejoin: round } .mark { fill: currentColor; stroke: var(--card); stroke-width: 1.2 }
.reference { fill: none; stroke: currentColor; stroke-width: 1.4; stroke-dasharray: 1.5 3.5; stroke-linecap: round }
.plot .d, .over .d { color: var(--d) } .plot .g, .over .g { color: var(--g) } .plot .real, .over .real { color: var(--real) } .plot .fake, .over .fake { color: var(--fake) } .plot .ink { color: var(--ink) }
.cursor { stroke: var(--ink); stroke-width: 1.5; fill: none }
.run0 { color: var(--run0) } .run1 { color: var(--run1) } .run2 { color: var(--run2) } .run3 { color: var(--run3) } .run4 { color: var(--run4) }
.badge { display: inline-grid; place-items: center; width: 17px; height: 17px; border-radius: 4px; font-size: 11px; font-weight: 700; margin-right: 6px; flex: none; border: 1.5px solid currentColor }
footer { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 16px; color: var(--soft); font-size: 12px; border-top: 1px solid var(--line); padding-top: 8px; margin-top: 8px } footer b { font-weight: 600; white-space: nowrap }
.still footer { display: none }
.live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.compared .panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 160px), 1fr)); gap: 18px 20px; margin-bottom: 10px }
.compared .column { container: column / inline-size } .compared .pair { flex-direction: column; gap: 6px } .compared .grid, .compared .side { flex: none; width: 100% }
.compared .name { margin-bottom: 6px } .compared h4 { font-size: 13px; font-weight: 600; display: flex; align-items: flex-start; line-height: 1.35; overflow-wrap: anywhere } .compared th { font-size: 12.5px }
.compared .now { display: flex; align-items: baseline; gap: 10px } .compared .now .small { margin: 0 }
.compared .controls { position: sticky; top: 0; z-index: 1; background: var(--card); margin: 4px 0 6px; padding: 6px 0 0 }
@container column (min-width: 400px) { .compared .pair { flex-direction: row; gap: 16px } .compared .grid { flex: 0 1 336px; width: auto } .compared .side { flex: 1 0 178px; width: auto } }
.compared .chart-box { height: 78px } .compared .fid .chart-box { height: 120px }
@container replay (max-width: 480px) {
  .slide { order: 1; flex-basis: 100% } .loop { margin-left: auto } .controls { gap: 4px 8px }
  .replay:not(.compared) :is(.panels, .column, .pair, .side) { display: contents } .replay:not(.compared) .grid { width: 100% }
  .replay:not(.compared) .body { display: flex; flex-direction: column } .replay:not(.compared) .now { order: 1; margin-top: 6px } .replay:not(.compared) .now .small { margin: 2px 0 0 }
  .replay:not(.compared) .controls { order: 2 } .replay:not(.compared) .numbers { order: 3; margin: 6px 0 10px } .replay:not(.compared) .charts { order: 4 }
  .compared .panels { grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 16px 14px }
}
@container column (max-width: 230px) { .readout { white-space: normal; flex-wrap: wrap; min-height: 38px; align-content: flex-start } .readout .gap { width: 100% } }
@container column (max-width: 180px) {
  .sign { width: 12px; margin-right: 3px } .compared th { font-size: 11.5px; padding-right: 2px; white-space: normal } td { font-size: 12.5px } .unit { display: none }
}
@container replay (min-width: 640px) and (max-width: 939.9px) {
  .replay:not(.compared) .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 20px; --in-a-row: 1 }
  .replay:not(.compared) .chart-box { height: 112px } .replay:not(.compared) .numbers { max-width: 400px }
  .replay:not(.compared) .legend { flex-wrap: nowrap; gap: 6px } .replay:not(.compared) .entries { flex-wrap: nowrap; gap: 6px } .replay:not(.compared) .legend .sign { width: 13px } .entry { flex: none } .legend > b { white-space: nowrap }
  .unit { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
}
@container replay (min-width: 640px) and (max-width: 790px) { .unit.probability { display: none } }
@container replay (min-width: 940px) {
  .replay:not(.compared, .no-charts) .body { display: grid; grid-template: "panels charts" auto "controls controls" auto / minmax(598px, 11fr) minmax(0, 9fr); column-gap: 28px }
  .replay:not(.compared) .panels { grid-area: panels } .replay:not(.compared) .controls { grid-area: controls }
  .replay:not(.compared) .charts { grid-area: charts; display: flex; flex-direction: column } .replay:not(.compared) .charts .chart { flex: 1; display: flex; flex-direction: column; margin-top: 4px }
  .replay:not(.compared) .chart-box { flex: 1; height: auto; min-height: 78px }
}
@media (prefers-reduced-motion: reduce) { .knob::after { transition: none } }
@media (pointer: coarse) { button { height: 40px; min-width: 42px } .switch { height: 40px } .slide input { height: 28px } .slide { padding-top: 4px } }
`;
