# The controls' JavaScript: form (Biome), types (tsc reads JSDoc), tests (node --test), and whether the bundles are of today.
# Learners need none of this, so where there is no node it says one line and passes; in CI that is an error.
set -eu
cd "$(dirname "$0")/.."
echo "== JavaScript"
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "no node here: JavaScript is not checked (install Node.js 20 or newer for that)"
  if [ -n "${CI:-}" ]; then exit 1; fi
  exit 0
fi
if ! cmp -s package-lock.json node_modules/.of_lock; then
  if ! npm ci --silent; then
    echo "npm could not fetch the tools: JavaScript is not checked"
    if [ -n "${CI:-}" ]; then exit 1; fi
    exit 0
  fi
  cp package-lock.json node_modules/.of_lock
fi
npx biome ci --reporter=summary .
npx tsc -p jsconfig.json
node --test tests/js/*.test.mjs
node tools/bundle.mjs --check
