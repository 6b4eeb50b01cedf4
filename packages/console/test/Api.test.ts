/** All that a page can ask, both ways through the calls themselves. */
import { assert, describe } from "@effect/vitest"
import { Effect, Exit, Layer, Stream } from "effect"
import * as RpcTest from "effect/rpc/RpcTest"
import { Api, Refused } from "../src/api/Api.ts"
import type { Act } from "../src/api/Stage.ts"
import * as Frames from "../src/Frames.ts"
import * as Handlers from "../src/Handlers.ts"
import { asking, field } from "../src/panels/Asked.ts"
import type { Stage } from "../src/Stage.ts"
import * as FakePanel from "./FakePanel.ts"
import { effect } from "./Test.ts"
import { quiet } from "./web/simulation/Kit.ts"

const process = { run: "1a2b", version: "1.2.3" }

const clientOf = Effect.fnUntraced(
  function*(handlers: ReturnType<typeof Handlers.ofPanel> | ReturnType<typeof Handlers.ofStage>) {
    return yield* Effect.provideContext(RpcTest.makeClient(Api), yield* Layer.build(handlers))
  }
)

const sentence = <A>(asked: Effect.Effect<A, unknown>) =>
  Effect.match(asked, {
    onSuccess: (done) => `done: ${JSON.stringify(done)}`,
    onFailure: (error) => error instanceof Refused ? error.message : `other: ${String(error)}`
  })

const network = field("network", "Address or prefix", "network")

const abilities = [
  asking(
    { name: "ban", label: "Ban", on: "panel", fields: [network] },
    ({ network }) => Effect.succeed(`${network} is banned.`)
  ),
  asking({ name: "ban", label: "Ban", on: "member" }, ({ target }) => Effect.succeed(`${target} is banned.`)),
  asking({ name: "fail", label: "Fail", on: "panel" }, () => Effect.fail({ message: "It cannot be.\u001B" })),
  asking(
    { name: "quote", label: "Quote", on: "panel" },
    ({ text }) => Effect.fail({ message: `"${text}" is no peer: this takes an address.` })
  ),
  asking({ name: "break", label: "Break", on: "panel" }, () => Effect.die(new Error("/home/ann/secret.txt")))
]

describe("a page of a peer", () => {
  const peer = Effect.gen(function*() {
    const fake = yield* FakePanel.make({ abilities, said: [FakePanel.message(0, "hi")] })
    const frames = yield* Frames.make(fake.panel)
    return { ...fake, client: yield* clientOf(Handlers.ofPanel(fake.panel, frames, process)) }
  })

  effect("learns what it shows and what can be asked, without how that is done", function*() {
    const { client } = yield* peer
    const about = yield* client.About()
    assert.deepInclude(about, { kind: "peer", protocol: "Fake", ...process })
    assert.deepStrictEqual(about.abilities[1], {
      name: "ban",
      label: "Ban",
      on: "member",
      fields: [],
      confirms: false,
      harsh: false
    })
  })

  effect("watches, and reads what was said", function*() {
    const { client } = yield* peer
    const frames = yield* Stream.runCollect(Stream.take(client.Watch({ conversation: "", hidden: false }), 1))
    assert.deepStrictEqual(frames[0]?.said.map(({ data }) => data), ["hi"])
    assert.strictEqual((yield* client.History({ conversation: "" })).length, 1)
    assert.strictEqual((yield* client.History({ conversation: "", before: 0 })).length, 0)
  })

  effect("asks of the peer and of a member, by the same name", function*() {
    const { client } = yield* peer
    const ask = (ability: string, values: Readonly<Record<string, string>>) => sentence(client.Ask({ ability, values }))
    assert.strictEqual(yield* ask("ban", { network: "10.0.0.7" }), "done: {\"sentence\":\"10.0.0.7 is banned.\"}")
    assert.strictEqual(yield* ask("ban", { target: "ann" }), "done: {\"sentence\":\"ann is banned.\"}")
  })

  effect("is told in a sentence why something is not done, and nothing of the inside", function*() {
    const { client } = yield* peer
    const ask = (ability: string, values: Readonly<Record<string, string>> = {}) =>
      sentence(client.Ask({ ability, values }))
    assert.strictEqual(yield* ask("fail"), "It cannot be.\uFFFD")
    assert.strictEqual(yield* ask("ban"), "Address or prefix is missing.")
    const quoted = yield* ask("quote", { text: "\u{1F600}".repeat(200_000) })
    assert.isBelow(quoted.length, 510)
    assert.match(quoted, /^"\u{1F600}+.* … .*\u{1F600}+" is no peer: this takes an address\.$/u)
    assert.strictEqual(yield* ask("unknown"), "This peer cannot do that. Reload the page.")
    assert.strictEqual(yield* ask("kick", { target: "ann" }), "This peer cannot do that. Reload the page.")
    assert.strictEqual(yield* ask("break"), "Something went wrong inside the peer; its log says what.")
    // And the rest goes on.
    assert.strictEqual((yield* client.About()).protocol, "Fake")
  })

  effect("that asks for a simulation is told that there is none", function*() {
    const { client } = yield* peer
    for (const asked of [client.Pace({ paused: true }), client.Branch({ at: 0 }), client.Score()]) {
      assert.strictEqual(yield* sentence(asked), "Only a simulation can do this.")
    }
  })
})

describe("a page of a simulation", () => {
  const act: Act = { ...quiet, first: true }

  effect("plays, paces, breaks, branches, and takes the scenario away", function*() {
    const done: Array<unknown> = []
    const note = (what: unknown) => Effect.sync(() => void done.push(what))
    const stage: Stage = {
      about: Effect.succeed({ protocol: "Pyile", role: "20 hosts", self: "split-brain" }),
      play: (hidden) => Stream.fromEffect(Effect.as(note({ hidden }), act)),
      pace: note,
      fault: note,
      branch: note,
      score: Effect.succeed({ name: "split-brain.json", text: "{}", command: "peerage simulate split-brain.json" })
    }
    const client = yield* clientOf(Handlers.ofStage(stage, process))
    assert.deepInclude(yield* client.About(), { kind: "simulation", protocol: "Pyile", self: "split-brain" })
    assert.deepStrictEqual(yield* Stream.runCollect(client.Play({ hidden: true })), [act])
    yield* client.Pace({ speed: 2 })
    yield* client.Fault({ fault: { _tag: "Kill", host: "1" } })
    yield* client.Branch({ at: 20 })
    assert.deepStrictEqual(yield* client.Score(), yield* stage.score)
    assert.deepStrictEqual(done, [{ hidden: true }, { speed: 2 }, { _tag: "Kill", host: "1" }, 20])
    assert.isTrue(Exit.isFailure(yield* Effect.exit(client.Ask({ ability: "ban", values: {} }))))
  })
})
