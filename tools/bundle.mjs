/* One bundle a control: its entry.js and all that it imports, minified, in gan_edu/widgets/bundles.
 *
 *   node tools/bundle.mjs           writes the bundles, and says how large they are
 *   node tools/bundle.mjs --check   writes nothing; fails where a bundle is not what its sources make
 *
 * A bundle's first line names the hash of its sources and the versions of what is in it, so that a test without node sees
 * whether it is of today.
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WIDGETS = path.join(ROOT, "gan_edu", "widgets");
const BUNDLES = path.join(WIDGETS, "bundles");

/** Style sheets become texts, minified too: a control puts its own into its shadow root.
 * @type {esbuild.Plugin} */
const STYLES = {
  name: "styles",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path: file }) => {
      const { code } = await esbuild.transform(readFileSync(file, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** The bundle of one control, and how many of its bytes are ours.
 * @param {string} control */
async function bundled(control) {
  const result = await esbuild.build({
    entryPoints: [path.join(WIDGETS, control, "entry.js")],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    plugins: [STYLES],
  });
  const inputs = Object.keys(result.metafile.inputs).sort();
  const [own, foreign] = [inputs.filter((file) => !isForeign(file)), inputs.filter(isForeign)];
  const [output] = Object.values(result.metafile.outputs);
  const scripts = own.filter((file) => !file.endsWith(".css"));
  const size = scripts.reduce((sum, file) => sum + (output.inputs[file]?.bytesInOutput ?? 0), 0);
  const text = `/* ${headOf(control, own, foreign, size)} */\n${result.outputFiles[0].text}`;
  const packages = foreign.map((file) => file.split("node_modules/")[1].split("/")[0]);
  return { text, packages, own: size };
}

/** @param {string} file */
const isForeign = (file) => file.includes("node_modules/");

/** @param {string} control @param {string[]} own @param {string[]} foreign @param {number} size bytes of own scripts */
function headOf(control, own, foreign, size) {
  const hash = createHash("sha256");
  for (const file of own) hash.update(`${file}\n${readFileSync(path.join(ROOT, file), "utf8")}`);
  const names = [...new Set(foreign.map((file) => file.split("node_modules/")[1].split("/")[0]))].sort();
  const versions = names.map((name) => `${name} ${versionOf(name)} (ISC)`);
  return [
    `gan_edu ${control}`,
    `sources ${hash.digest("hex").slice(0, 16)}`,
    `${size} bytes of JavaScript`,
    `esbuild ${esbuild.version}`,
    ...versions,
  ].join(" · ");
}

/** @param {string} name */
const versionOf = (name) =>
  JSON.parse(readFileSync(path.join(ROOT, "node_modules", name, "package.json"), "utf8")).version;

/** The notices that the licence of what is bundled asks for.
 * @param {Set<string>} packages */
function notices(packages) {
  const texts = [...packages].sort().map((name) => {
    const licence = readFileSync(path.join(ROOT, "node_modules", name, "LICENSE"), "utf8").trim();
    return `${name} ${versionOf(name)}\n\n${licence}\n`;
  });
  return `The bundles in this folder hold parts of these packages.\n\n${texts.join("\n---\n\n")}`;
}

const check = process.argv.includes("--check");
/** @type {string[]} */
const stale = [];
/** @type {Set<string>} */
const held = new Set();
/** @type {Set<string>} */
const written = new Set();

/** @param {string} name @param {string} text */
function write(name, text) {
  const file = path.join(BUNDLES, name);
  written.add(name);
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) stale.push(name);
  if (!check) writeFileSync(file, text);
}

mkdirSync(BUNDLES, { recursive: true });
const entries = readdirSync(WIDGETS).filter((name) => existsSync(path.join(WIDGETS, name, "entry.js")));
for (const control of entries.sort()) {
  const { text, own, packages } = await bundled(control);
  for (const name of packages) held.add(name);
  write(`${control}.js`, text);
  const sizes = [own, Buffer.byteLength(text), gzipSync(text).length].map((size) =>
    (size / 1000).toFixed(1).padStart(6),
  );
  console.log(`${control.padEnd(18)} own ${sizes[0]} KB · whole ${sizes[1]} KB · gzipped ${sizes[2]} KB`);
}
write("LICENSES.txt", notices(held));
stale.push(...readdirSync(BUNDLES).filter((name) => !written.has(name)));
if (check && stale.length) {
  console.error(`not what their sources make: ${stale.join(", ")}; run: make js`);
  process.exit(1);
}
