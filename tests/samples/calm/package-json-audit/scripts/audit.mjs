// Review a package.json without installing anything. Usage: node audit.mjs PACKAGE_JSON REPORT_JSON
import { readFileSync, writeFileSync } from "node:fs";

const LOOSE = /^(?:\*|latest|x|)$|^>=?\s*[\d.]+$/;
const ON_INSTALL = ["preinstall", "install", "postinstall"];

function looseRanges(manifest) {
  return ["dependencies", "devDependencies"].flatMap((group) =>
    Object.entries(manifest[group] ?? {})
      .filter(([, range]) => LOOSE.test(range.trim()))
      .map(([name, range]) => ({
        rule: "loose-range",
        where: `${group}.${name}`,
        fix: `Pin ${name} to a caret range of the version in use instead of "${range}".`,
      })),
  );
}

function installScripts(manifest) {
  return ON_INSTALL.filter((name) => manifest.scripts?.[name]).map((name) => ({
    rule: "install-script",
    where: `scripts.${name}`,
    fix: "Move the work to a script that people start on purpose.",
  }));
}

function duplicates(manifest) {
  const development = manifest.devDependencies ?? {};
  return Object.keys(manifest.dependencies ?? {})
    .filter((name) => name in development)
    .map((name) => ({ rule: "twice", where: `devDependencies.${name}`, fix: `Keep ${name} in one of the two.` }));
}

function engines(manifest) {
  if (manifest.engines?.node) return [];
  return [{ rule: "no-engines", where: "engines.node", fix: 'Add "engines": {"node": ">=18"}.' }];
}

const [source, target] = process.argv.slice(2);
if (!source || !target) {
  console.error("usage: node audit.mjs PACKAGE_JSON REPORT_JSON");
  process.exit(2);
}
let manifest;
try {
  manifest = JSON.parse(readFileSync(source, "utf8"));
} catch (error) {
  console.error(`${source}: ${error.message}`);
  process.exit(1);
}
const problems = [installScripts, looseRanges, duplicates, engines].flatMap((rule) => rule(manifest));
writeFileSync(target, JSON.stringify({ name: manifest.name, problems }, null, 2) + "\n");
console.log(`${problems.length} problem(s) -> ${target}`);
