/** The portable primitives in a process where every import of Node's is refused, as there is none in a browser. */
import { assert, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { join } from "node:path"

const folder = join(import.meta.dirname, "portable")

const run = (program: string) => {
  const args = ["--conditions=@peerage/source", "--import", join(folder, "RefuseNode.ts")]
  const { status, stderr, stdout } = spawnSync(process.execPath, [...args, ...program.split(" ")], { encoding: "utf8" })
  return { status, stderr, stdout }
}

it("a handshake, an admission and a record need nothing of Node", () => {
  const { status, stderr, stdout } = run(join(folder, "Run.ts"))
  assert.strictEqual(stderr, "")
  assert.strictEqual(status, 0)
  assert.deepStrictEqual(JSON.parse(stdout), { drawn: 32, confirmed: true, opened: [1, 2, 3] })
})

it("an import of Node's is refused there", () => {
  const { status, stderr } = run(join(import.meta.dirname, "..", "src", "node", "NodeCrypto.ts"))
  assert.notStrictEqual(status, 0)
  assert.include(stderr, "node:crypto was imported by")
})
