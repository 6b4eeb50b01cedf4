/** What the READMEs show is what is compiled. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"

const root = Effect.map(Path.Path, (path) => path.join(import.meta.dirname, "../../.."))

const filesOf = Effect.fnUntraced(function*(pattern: RegExp) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const top = yield* root
  const found: Array<{ readonly name: string; readonly text: string }> = []
  const folders = (yield* fs.readDirectory(path.join(top, "packages"))).map((name) => path.join("packages", name))
  for (const folder of [".", ...folders, ...folders.map((name) => path.join(name, "examples"))]) {
    const names = yield* Effect.orElseSucceed(fs.readDirectory(path.join(top, folder)), () => [])
    for (const name of names.filter((file) => pattern.test(file))) {
      found.push({ name: path.join(folder, name), text: yield* fs.readFileString(path.join(top, folder, name)) })
    }
  }
  return found
})

describe("the READMEs", () => {
  it.effect("show no code that is not an example which is compiled", () =>
    Effect.gen(function*() {
      const examples = (yield* filesOf(/\.ts$/)).map(({ text }) => text.trim())
      let shown = 0
      for (const { name, text } of yield* filesOf(/^README\.md$/)) {
        for (const [, block = ""] of text.matchAll(/```ts\n([\s\S]*?)```/g)) {
          shown++
          assert.isTrue(
            examples.includes(block.trim()),
            `${name} shows code that is no file in an examples folder:\n${block}`
          )
        }
      }
      assert.isAtLeast(shown, 2)
    }).pipe(Effect.provide(NodeServices.layer)))
})
