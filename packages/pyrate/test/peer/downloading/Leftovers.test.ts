/** What a process that was killed has left of its downloads. */
import { assert, describe } from "@effect/vitest"
import { Client } from "@peerage/pyrate"
import { Owner } from "@peerage/wire"
import { Effect, FileSystem, Stream } from "effect"
import { spawnSync } from "node:child_process"
import * as Saving from "../../../src/peer/downloading/Saving.ts"
import { folder, into, live, song } from "../Folder.ts"
import { sharing } from "../sharing/Strangers.ts"

/** A directory with what a live process has left, a dead one, one of another machine, and somebody else. */
const littered = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const place = yield* folder
  const own = yield* Owner.mark
  const dead = own.replace(/_\d+_\d+$/, `_${spawnSync("true").pid}_1`)
  const [live, elsewhere] = [`.pyrate-${own}-aaaaaa`, `.pyrate-other${dead}-aaaaaa`]
  for (const name of [live, elsewhere, `.pyrate-${dead}-aaaaaa`, `.pyrate-${dead}-bbbbbb`, ".pyrate-mine"]) {
    yield* fs.makeDirectory(place.at(name))
    yield* place.put(`${name}/file`, "la")
  }
  return { ...place, stays: [elsewhere, live, ".pyrate-mine"].sort() }
})

describe("what is left of downloads", () => {
  live(
    "by a process that has ended is removed when a peer begins to share the directory, and nothing else",
    function*() {
      const { directory, entries, stays } = yield* littered
      yield* sharing(directory)
      assert.deepStrictEqual(yield* entries, stays)
    }
  )

  live(
    "by a process that has ended is removed when a client saves to the directory, also where it then fails",
    function*() {
      const { directory, entries, stays } = yield* littered
      const there = yield* folder
      const holder = yield* sharing(there.directory)
      const client = yield* Client.make()
      yield* Effect.flip(client.download(holder.self, song, { to: directory }))
      assert.deepStrictEqual(yield* entries, stays)
      yield* there.put(song, "la la")
      yield* client.download(holder.self, song, { to: directory })
      assert.deepStrictEqual(yield* entries, [...stays, song])
    }
  )

  live("by a process that nobody knows is removed when nothing was written to it for an hour", function*() {
    const fs = yield* FileSystem.FileSystem
    const { at, directory, entries, put } = yield* folder
    const [old, young] = [".pyrate-unknown-aaaaaa", ".pyrate-elsewhere_1_2_3-aaaaaa"]
    const age = Effect.fnUntraced(function*(path: string) {
      const { mtime } = yield* fs.stat(path)
      const then = new Date((yield* Effect.fromOption(mtime)).getTime() - 3_660_000)
      yield* fs.utimes(path, then, then)
    })
    for (const name of [old, young]) {
      yield* fs.makeDirectory(at(name))
      yield* put(`${name}/file`, "la")
      yield* age(at(name))
    }
    yield* age(at(`${old}/file`))
    yield* sharing(directory)
    assert.deepStrictEqual(yield* entries, [young])
  })

  live("by a download under way stays while another begins", function*() {
    const { directory, entries } = yield* folder
    const { directory: there, put } = yield* folder
    yield* put(song, "la la")
    const holder = yield* sharing(there)
    const client = yield* Client.make()
    const fetch = client.download(holder.self, song, { to: directory })
    const before = Effect.map(Effect.orDie(entries), (names) => assert.strictEqual(names.length, 1))
    const during = Effect.orDie(Effect.andThen(before, fetch))
    const other = into(directory, { replace: true, progress: () => Effect.asVoid(during) })
    yield* Saving.save(other, { size: undefined, bytes: Stream.make(new TextEncoder().encode("la")) })
    assert.deepStrictEqual(yield* entries, [song])
  })
})
