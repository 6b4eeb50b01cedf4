/** The prompt over a terminal that is only a pair of streams: what it writes, and what the person sees of it. */
import { assert } from "@effect/vitest"
import { Console, Effect, Fiber, Stream } from "effect"
import { PassThrough } from "node:stream"
import * as Prompt from "../../src/room/Prompt.ts"
import { none } from "../../src/room/Style.ts"
import { live } from "../Test.ts"

const columns = 20
const turns = Effect.repeat(Effect.yieldNow, { times: 20 })

const terminal = Effect.gen(function*() {
  const input = new PassThrough()
  const output = Object.assign(new PassThrough(), { columns, isTTY: true })
  let written = ""
  output.on("data", (chunk: Buffer) => {
    written += chunk.toString()
  })
  const prompt = yield* Prompt.make({ style: none, input, output })
  const lines: Array<string> = []
  const typing = yield* Effect.forkScoped(
    Stream.runForEach(
      prompt.typed((begun) => [[`${begun}ers `], begun]),
      (line) => Effect.sync(() => lines.push(line))
    ),
    { startImmediately: true }
  )
  // Readline takes keys as they come and tells nobody: a few turns of the loop.
  const press = (keys: string) => Effect.andThen(Effect.sync(() => input.write(keys)), turns)
  return { prompt, press, lines, typing, screen: () => shownBy(written), written: () => written }
})

/** The screen after all this was written to it: only what readline and the prompt use is understood. */
const shownBy = (written: string): ReadonlyArray<string> => {
  const rows: Array<Array<string>> = [[]]
  let [row, column] = [0, 0]
  const at = (index: number) => (rows[index] ??= [])
  for (const [token, count = "1", move] of written.matchAll(/\u001B\[(\d*)([A-Z])|\r|\n|[^]/gu)) {
    const n = Number(count === "" ? "1" : count)
    if (token === "\r") column = 0
    else if (token === "\n") [row, column] = [row + 1, 0]
    else if (move === "A") row -= n
    else if (move === "B") row += n
    else if (move === "C") column += n
    else if (move === "D") column -= n
    else if (move === "G") column = n - 1
    else if (move === "J") {
      rows.splice(row + 1)
      at(row).splice(column)
    } else if (move === "K") at(row).splice(column)
    else {
      if (column === columns) [row, column] = [row + 1, 0]
      at(row)[column++] = token
    }
    at(row)
  }
  return rows.map((cells) => Array.from(cells, (cell) => cell ?? " ").join("").trimEnd())
}

live("shows what happens above the line being typed, which keeps its text", function*() {
  const { lines, press, prompt, screen } = yield* terminal
  yield* press("hello")
  yield* prompt.write(["bob: one", "bob: two"])
  assert.deepStrictEqual(screen(), ["bob: one", "bob: two", "> hello"])
  yield* press(" there\r")
  assert.deepStrictEqual(lines, ["hello there"])
  assert.deepStrictEqual(screen(), ["bob: one", "bob: two", "> hello there", ">"])
})

live("keeps a line that is longer than the terminal is wide", function*() {
  const { lines, press, prompt, screen } = yield* terminal
  yield* press("this is a line of more than twenty")
  yield* prompt.write(["bob: hi"])
  yield* prompt.write(["bob: ho"])
  assert.deepStrictEqual(screen(), ["bob: hi", "bob: ho", "> this is a line of", "more than twenty"])
  yield* press(" columns\r")
  assert.deepStrictEqual(lines, ["this is a line of more than twenty columns"])
})

live("walks through what was typed before, completes, and keeps the log in its place", function*() {
  const { lines, press, prompt, screen } = yield* terminal
  yield* press("first\r")
  yield* press("second\r")
  yield* press("\u001B[A\u001B[A\r")
  assert.deepStrictEqual(lines, ["first", "second", "first"])
  yield* press("/pe\t")
  yield* Console.error("WARNING log").pipe(Effect.provideService(Console.Console, prompt.console))
  assert.deepStrictEqual(screen().slice(-2), ["WARNING log", "> /peers"])
})

live("keeps lines that change between what happens and the line being typed", function*() {
  const { lines, press, prompt, screen } = yield* terminal
  yield* press("hello")
  yield* prompt.status((width) => [`a ${width}`, "b 1"])
  assert.deepStrictEqual(screen(), ["a 20", "b 1", "> hello"])
  yield* prompt.write(["bob: hi"])
  yield* prompt.status(() => ["a 2", "b 2"])
  assert.deepStrictEqual(screen(), ["bob: hi", "a 2", "b 2", "> hello"])
  yield* press(" over two rows here\r")
  assert.deepStrictEqual(lines, ["hello over two rows here"])
  assert.deepStrictEqual(screen(), ["bob: hi", "> hello over two row", "s here", "a 2", "b 2", ">"])
  yield* prompt.status(() => ["a 3"])
  yield* press("more")
  assert.deepStrictEqual(screen(), ["bob: hi", "> hello over two row", "s here", "a 3", "> more"])
  yield* prompt.status(() => [])
  yield* press("\r")
  assert.deepStrictEqual(screen(), ["bob: hi", "> hello over two row", "s here", "> more", ">"])
})

live("takes the lines that change away when it ends", function*() {
  const { press, prompt, screen, typing } = yield* terminal
  yield* prompt.status(() => ["a 1"])
  yield* press("\u0003")
  yield* Fiber.join(typing)
  yield* prompt.status(() => ["a 2"])
  assert.deepStrictEqual(screen(), [""])
})

for (const [name, key] of [["Ctrl-C", "\u0003"], ["Ctrl-D", "\u0004"]] as const) {
  live(`ends at ${name}, and leaves a clean line`, function*() {
    const { press, screen, typing } = yield* terminal
    yield* press(key)
    yield* Fiber.join(typing)
    assert.deepStrictEqual(screen(), [""])
  })
}

const pasted = (text: string) => `\u001B[200~${text}\u001B[201~`

live("takes a pasted text of several lines as one, and sends it at Enter", function*() {
  const { lines, press, prompt, screen } = yield* terminal
  yield* press("see: ")
  yield* press(pasted("one\r  two\r/exit\r"))
  assert.deepStrictEqual([lines, screen()], [[], ["> see: one⏎  two⏎/ex", "it"]])
  yield* prompt.write(["bob: hi"])
  yield* press("!")
  assert.deepStrictEqual(screen(), ["bob: hi", "> see: one⏎  two⏎/ex", "it!"])
  yield* press("\r")
  assert.deepStrictEqual(lines, ["see: one\n  two\n/exit!"])
  yield* press("\u001B[A\u007F\r")
  assert.deepStrictEqual(lines.slice(1), ["see: one\n  two\n/exit"])
})

live("puts a pasted text where the cursor is, with its tabs, and lets its line ends be removed", function*() {
  const { lines, press } = yield* terminal
  yield* press("ad\u001B[D")
  yield* press(pasted("b\tx\rc"))
  yield* press("\u001B[D\u007F\r")
  assert.deepStrictEqual(lines, ["ab\txcd"])
})

live("takes a pasted text that comes together with keys", function*() {
  const { lines, press, screen } = yield* terminal
  yield* press(`a${pasted("a long text\rof more than a row")}\r/peers\r`)
  assert.deepStrictEqual(lines, ["aa long text\nof more than a row", "/peers"])
  assert.deepStrictEqual(screen(), ["> aa long text⏎of mo", "re than a row", "> /peers", ">"])
})

live("leaves a pasted text out that is too long, and says so", function*() {
  const { lines, press, screen } = yield* terminal
  yield* press(`x${pasted("a".repeat(65_537))}\r`)
  assert.deepStrictEqual(lines, ["x"])
  assert.match(screen().join(""), /more than 65536/)
})

live("shows one changing line before the prompt, which makes room for what is written", function*() {
  const output = Object.assign(new PassThrough(), { columns, isTTY: true })
  let written = ""
  output.on("data", (chunk: Buffer) => {
    written += chunk.toString()
  })
  const prompt = yield* Prompt.make({ style: none, input: new PassThrough(), output })
  yield* prompt.status(() => ["in 3 s"])
  yield* prompt.status(() => ["in 2 s", "never shown"])
  assert.deepStrictEqual(shownBy(written), ["in 2 s"])
  yield* prompt.write(["hello"])
  yield* prompt.status(() => ["in 1 s"])
  assert.deepStrictEqual(shownBy(written), ["hello", "in 1 s"])
  yield* prompt.status(() => [])
  assert.deepStrictEqual(shownBy(written), ["hello", ""])
})

live("draws changing lines for a terminal that is behind once it has caught up, and the latest only", function*() {
  const output = Object.assign(new PassThrough(), { columns, isTTY: true })
  const prompt = yield* Prompt.make({ style: none, input: new PassThrough(), output })
  yield* prompt.write(["x".repeat(output.writableHighWaterMark)])
  const before = output.readableLength + output.writableLength
  for (let count = 0; count < 100; count++) yield* prompt.status(() => [`${count} %`])
  assert.strictEqual(output.readableLength + output.writableLength, before)
  let written = ""
  output.on("data", (chunk: Buffer) => {
    written += chunk.toString()
  })
  yield* Effect.callback<void>((resume) => void output.once("drain", () => setImmediate(() => resume(Effect.void))))
  assert.strictEqual(written.replaceAll("x", ""), "\n99 %")
})
