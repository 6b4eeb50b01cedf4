import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Owner } from "@peerage/wire"
import { Effect, FileSystem } from "effect"
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"

const real = Effect.provide(NodeServices.layer)

/** A mark like this process's, with another number of the process. */
const markOf = (pid: number | string | undefined, own: string, began = "1") =>
  own.replace(/_\d+_\d+$/, `_${pid}_${began}`)

describe("a file whose process nobody knows", () => {
  it.effect("is silent when nothing was written to it or its company for longer than that, by the clock of its disk", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* fs.makeTempDirectoryScoped()
      const [old, young, gone] = [`${folder}/old`, `${folder}/young`, `${folder}/gone`]
      for (const file of [old, young]) yield* fs.writeFileString(file, "")
      const { mtime } = yield* fs.stat(young)
      const hourAgo = new Date((yield* Effect.fromOption(mtime)).getTime() - 3_600_000)
      yield* fs.utimes(old, hourAgo, hourAgo)
      assert.isTrue(yield* Owner.isSilent([old], "59 minutes"))
      assert.isFalse(yield* Owner.isSilent([old], "61 minutes"))
      assert.isFalse(yield* Owner.isSilent([old, young], "59 minutes"))
      assert.isTrue(yield* Owner.isSilent([old, gone], "59 minutes"))
      assert.isFalse(yield* Owner.isSilent([gone], "59 minutes"))
      assert.deepStrictEqual((yield* fs.readDirectory(folder)).sort(), ["old", "young"])
    }).pipe(Effect.scoped, real))
})

describe("the process that something belongs to", () => {
  it.effect("has a mark of its own that can be part of a name, and runs", () =>
    Effect.gen(function*() {
      const mark = yield* Owner.mark
      assert.match(mark, new RegExp(`^\\w+_\\d+_${process.pid}_\\d+$`))
      assert.strictEqual(yield* Owner.mark, mark)
      assert.isFalse(yield* Owner.hasEnded(mark))
    }).pipe(real))

  it.effect("has ended when there is no such process any more, or when it is another one with its number", () =>
    Effect.gen(function*() {
      const mark = yield* Owner.mark
      assert.isTrue(yield* Owner.hasEnded(markOf(spawnSync("true").pid, mark)))
      assert.isTrue(yield* Owner.hasEnded(markOf(process.pid, mark)))
    }).pipe(real))

  it.effect("runs while it is suspended, and has ended when it was killed", () =>
    Effect.gen(function*() {
      const child = spawn("sleep", ["1000"])
      const began = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(" ")[21]
      const mark = markOf(child.pid, yield* Owner.mark, began)
      child.kill("SIGSTOP")
      assert.isFalse(yield* Owner.hasEnded(mark))
      const exit = once(child, "exit")
      child.kill("SIGKILL")
      yield* Effect.promise(() => exit)
      assert.isTrue(yield* Owner.hasEnded(mark))
    }).pipe(real))

  it.effect("is not taken for dead where that cannot be known: on another machine, or without a mark", () =>
    Effect.gen(function*() {
      const dead = markOf(spawnSync("true").pid, yield* Owner.mark)
      assert.isFalse(yield* Owner.hasEnded(`other${dead}`))
      assert.isFalse(yield* Owner.hasEnded(dead.replace(/_\d+_/, "_1_")))
      for (const mark of ["", "unknown", "1", "web1_1_2", "../../1"]) assert.isFalse(yield* Owner.hasEnded(mark), mark)
    }).pipe(real))

  it.effect("is not taken for dead where the system shows no processes of others, or none at all", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const dead = markOf(execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }).trim(), yield* Owner.mark)
      const hiding = { ...fs, exists: (path: string) => path === "/proc/1" ? Effect.succeed(false) : fs.exists(path) }
      assert.isTrue(yield* Owner.hasEnded(dead))
      assert.isFalse(yield* Effect.provideService(Owner.hasEnded(dead), FileSystem.FileSystem, hiding))
      const without = FileSystem.makeNoop({})
      assert.isFalse(yield* Effect.provideService(Owner.hasEnded(dead), FileSystem.FileSystem, without))
      assert.strictEqual(yield* Effect.provideService(Owner.mark, FileSystem.FileSystem, without), "unknown")
    }).pipe(real))
})
