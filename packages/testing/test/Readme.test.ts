/** What the READMEs and the documents show is what is compiled. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"

const root = Effect.map(Path.Path, (path) => path.join(import.meta.dirname, "../../.."))

/** The files of folders, by their names below the root. */
const filesOf = Effect.fnUntraced(function*(folders: ReadonlyArray<string>, pattern: RegExp, recursive = false) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const top = yield* root
  const found: Array<{ readonly name: string; readonly text: string }> = []
  for (const folder of folders) {
    const names = yield* Effect.orElseSucceed(fs.readDirectory(path.join(top, folder), { recursive }), () => [])
    for (const name of names.filter((file) => pattern.test(file))) {
      found.push({ name: path.join(folder, name), text: yield* fs.readFileString(path.join(top, folder, name)) })
    }
  }
  return found
})

describe("the READMEs and the documents", () => {
  it.effect("show no code that is not an example which is compiled", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const packages = (yield* fs.readDirectory(`${yield* root}/packages`)).map((name) => `packages/${name}`)
      const examples = (yield* filesOf(packages.map((name) => `${name}/examples`), /\.ts$/, true))
        .map(({ text }) => text.trim())
      const readmes = yield* filesOf([".", ...packages], /^README\.md$/)
      const documents = yield* filesOf(["docs"], /\.md$/, true)
      let shown = 0
      for (const { name, text } of [...readmes, ...documents]) {
        // Code in a list is indented as the list is.
        for (const [, indent = "", indented = ""] of text.matchAll(/^( *)```ts\n([\s\S]*?)^\1```/gm)) {
          const block = indented.replaceAll(new RegExp(`^${indent}`, "gm"), "")
          shown++
          assert.isTrue(
            examples.includes(block.trim()),
            `${name} shows code that is no file in an examples folder:\n${block}`
          )
        }
      }
      assert.isAtLeast(shown, 2)
      assert.isTrue(documents.some(({ name }) => name.endsWith("protocol.md")))
    }).pipe(Effect.provide(NodeServices.layer)))
})
