/**
 * `npm run packages`: packs as the README says, sees that every public package and no private one is packed, lets publint
 * and are-the-types-wrong look at the tarballs, then installs all of them with one command, for a user and into an empty
 * project, and uses the command, the modules and the examples from there.
 */
import { spawnSync } from "node:child_process"
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, unknown>>
  readonly bin?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

const root = join(import.meta.dirname, "..")
const temporary = mkdtempSync(join(tmpdir(), "peerage-packages-"))
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }))

const fail = (message: string): never => {
  console.error(message)
  process.exit(1)
}

const start = (command: string, args: ReadonlyArray<string>, cwd = root) =>
  spawnSync(command, args, { cwd, encoding: "utf8", shell: process.platform === "win32" })

const run = (command: string, args: ReadonlyArray<string>, cwd = root): string => {
  const { status, stderr, stdout } = start(command, args, cwd)
  return status === 0 ? stdout : fail(`${command} ${args.join(" ")} exited with ${status}\n${stdout}\n${stderr}`)
}

const tool = (name: string, ...args: ReadonlyArray<string>) =>
  run(process.execPath, [join(import.meta.dirname, "tool.ts"), name, ...args])

/**
 * Each module that an index re-exports must be a subpath too: otherwise a type inferred from it has no name in a
 * declaration file (TS2883), neither in our build nor in an application's.
 */
const requireSubpaths = (folder: string, { exports, name }: Manifest) => {
  if (exports === undefined) return
  const index = readFileSync(join(folder, "src", "index.ts"), "utf8")
  for (const [, module, path] of index.matchAll(/export \* as (\w+) from "\.\/(.+)\.ts"/g)) {
    if (exports[`./${module}`] === undefined) fail(`the exports of ${name} lack "./${module}" for src/${path}.ts`)
  }
}

const tarballOf = ({ name, version }: Manifest): string => `${name.replace("@", "").replace("/", "-")}-${version}.tgz`

const check = (folder: string, manifest: Manifest) => {
  const { exports, name, version } = manifest
  console.log(`\n== ${name} ${version}`)
  requireSubpaths(folder, manifest)
  const tarball = join(temporary, tarballOf(manifest))
  const findings = tool("publint", "run", tarball, "--strict")
  if (!findings.includes("All good!")) fail(findings)
  console.log("publint finds nothing")
  if (exports !== undefined) {
    tool("attw", tarball, "--profile", "esm-only")
    console.log("are-the-types-wrong finds nothing")
  }
}

const packages: ReadonlyArray<{ readonly folder: string; readonly manifest: Manifest }> = readdirSync(
  join(root, "packages")
)
  .map((name) => join(root, "packages", name))
  .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }))
  .filter(({ manifest }) => manifest.private !== true)

run("npm", ["pack", "--workspaces", "--silent", "--pack-destination", temporary])
const packed = readdirSync(temporary).sort().join(" ")
const wanted = packages.map(({ manifest }) => tarballOf(manifest)).sort().join(" ")
if (packed !== wanted) fail(`npm pack --workspaces packed ${packed}, not ${wanted}`)
for (const { folder, manifest } of packages) check(folder, manifest)

const tarballs = packages.map(({ manifest }) => join(temporary, tarballOf(manifest)))
const install = ["install", "--no-audit", "--no-fund", "--no-package-lock"]

console.log("\n== all of them for a user")
run("npm", [...install, "--global", "--prefix", join(temporary, "user"), ...tarballs])
const peerage = join(temporary, "user", ...(process.platform === "win32" ? [] : ["bin"]), "peerage")
// Each of the packages is installed with an Effect of its own here, which only a network that works shows to do no harm.
for (const argument of ["--version", "demo"]) {
  run(peerage, [argument])
  console.log(`peerage ${argument}`)
}

/** What modules need that an application installs only for them. */
const optional = packages.flatMap(({ manifest: { peerDependencies = {}, peerDependenciesMeta = {} } }) =>
  Object.entries(peerDependencies).filter(([name]) => peerDependenciesMeta[name]?.optional === true)
)

/** True when a module can be imported in a project, false when it lacks an optional package; any other reason fails. */
const isComplete = (specifier: string, project: string): boolean => {
  const args = ["--input-type=module", "--eval", `await import("${specifier}")`]
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8" })
  if (status === 0) console.log(`import("${specifier}")`)
  else if (!optional.some(([name]) => stderr.includes(`Cannot find package '${name}'`))) {
    fail(`import("${specifier}")\n${stderr}`)
  }
  return status === 0
}

/** Makes an empty project, with dependencies of its own where some are given. */
const makeProject = (name: string, dependencies: Readonly<Record<string, string>> = {}): string => {
  const folder = join(temporary, name)
  mkdirSync(folder)
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }))
  return folder
}

/** Services, errors and schemas of one copy of Effect are nothing to another, so a project has to have a single one. */
const requireOneEffect = (folder: string) => {
  const copies = globSync("**/node_modules/effect/package.json", { cwd: folder })
  if (copies.length !== 1) fail(`there are ${copies.length} copies of Effect: ${copies.join(" ")}`)
}

console.log("\n== all of them in a project with an Effect of its own")
const [effect = fail("no library names its Effect")] = packages.flatMap(({ manifest: { peerDependencies } }) =>
  peerDependencies?.["effect"] ?? []
)
const withEffect = makeProject("with-effect", { effect: effect.replace("~", "") })
run("npm", [...install, ...tarballs], withEffect)
requireOneEffect(withEffect)
console.log(`effect ${effect.replace("~", "")}: one copy`)
// A copy beside the project's own would be worse than no installation.
const withOther = makeProject("with-other", { effect: "4.0.6" })
const refused = start("npm", [...install, "--loglevel", "error", ...tarballs], withOther)
if (refused.status === 0 || !/ERESOLVE[^]*effect@"?~/.test(refused.stderr)) {
  fail(`another Effect than ${effect} is not refused\n${refused.stdout}\n${refused.stderr}`)
}
console.log(`effect 4.0.6: refused, as the libraries take ${effect}`)

console.log("\n== all of them in an empty project")
const project = makeProject("project")
run("npm", [...install, ...tarballs], project)
requireOneEffect(project)
const modules = packages.flatMap(({ manifest: { exports = {}, name } }) =>
  Object.keys(exports).map((path) => name + path.slice(1))
)
const lacking = modules.filter((specifier) => !isComplete(specifier, project)).join(" ")
if (lacking !== "@peerage/secure/portable") fail(`modules that need optional packages: ${lacking}`)
run("npm", [...install, ...optional.map(([name, version]) => `${name}@${version}`)], project)
if (!isComplete(lacking, project)) fail(`${lacking} cannot be imported with the optional packages`)
for (const command of packages.flatMap(({ manifest: { bin = {} } }) => Object.keys(bin))) {
  run("npx", ["--no-install", command, "--help"], project)
  console.log(`npx ${command} --help`)
}

console.log("\n== the examples, copied out of the packages")
const options = { strict: true, noEmit: true, module: "NodeNext", target: "ES2023", skipLibCheck: true, types: [] }
const compilerOptions = { ...options, allowImportingTsExtensions: true }
// Tests need vitest too, which no package brings along.
writeFileSync(
  join(project, "tsconfig.json"),
  JSON.stringify({ compilerOptions, include: ["examples"], exclude: ["**/*.test.ts"] })
)
for (const { manifest: { name } } of packages) {
  const examples = join(project, "node_modules", name, "examples")
  if (existsSync(examples)) cpSync(examples, join(project, "examples", name), { recursive: true })
}
for (const name of readdirSync(join(project, "examples", "@peerage"))) console.log(name)
run("tsc", ["--project", project])

console.log("\nthe packages are sound")
