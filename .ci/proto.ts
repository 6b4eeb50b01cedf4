/**
 * `npm run proto`: makes the TypeScript of packages/p2p-chat/proto/cs2.proto anew, after a change to it.
 * `npm run proto:check`: fails when the file that is checked in is not what the .proto gives.
 *
 * The generator writes enums, which are more than erasable types. Each becomes a constant, and its type a number: those
 * of proto3 are open, any number may come.
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

const home = join(import.meta.dirname, "..", "packages", "p2p-chat")
const checkedIn = join(home, "src", "codec", "generated", "cs2_pb.ts")

/** `export enum Type { JOIN = 0, }` as `export const Type = { JOIN: 0, } as const;` and a type of that name. */
const withoutEnums = (source: string): string =>
  source.replace(/^export enum (\w+) (\{\n[^]*?\n\})$/gm, (_, name, members) => {
    const constant = members.replace(/^(\s+\w+) = (-?\d+),$/gm, "$1: $2,")
    return `export const ${name} = ${constant} as const;\n\nexport type ${name} = number;`
  })

/** Without the comments that only repeat the .proto, or speak to a linter that does not read generated files. */
const withoutNoise = (source: string): string =>
  source
    .replace("/* eslint-disable */\n", "")
    .replace(/^ *\/\*\*\n *\* @generated from [^\n]*\n *\*\/\n/gm, "")
    .replace(/\n *\*\n *\* @generated from [^\n]*/g, "")

const generate = (): string => {
  const temporary = mkdtempSync(join(tmpdir(), "peerage-proto-"))
  process.on("exit", () => rmSync(temporary, { recursive: true, force: true }))
  const tool = join(import.meta.dirname, "tool.ts")
  const { status } = spawnSync(process.execPath, [tool, "buf", "generate", "--output", temporary], {
    cwd: join(home, "proto"),
    stdio: "inherit"
  })
  if (status !== 0) process.exit(status ?? 1)
  return withoutNoise(withoutEnums(readFileSync(join(temporary, "cs2_pb.ts"), "utf8")))
}

const generated = generate()
if (!process.argv.includes("--check")) {
  mkdirSync(dirname(checkedIn), { recursive: true })
  writeFileSync(checkedIn, generated)
} else if (!existsSync(checkedIn) || readFileSync(checkedIn, "utf8") !== generated) {
  console.error("cs2_pb.ts is not what cs2.proto gives. Put it right with: npm run proto")
  process.exit(1)
}
