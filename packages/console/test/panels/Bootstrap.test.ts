/** The panel of a bootstrap of Pyrate, beside real peers in a simulated network. */
import { assert } from "@effect/vitest"
import { PyrateEvent } from "@peerage/pyrate"
import { Simulation } from "@peerage/transport"
import { Clock, Duration, Effect } from "effect"
import * as Bootstrap from "../../src/panels/Bootstrap.ts"
import * as Journal from "../../src/talk/Journal.ts"
import { decided, membersOf } from "./Panels.ts"
import { at, bootstrap, shared, sharer } from "./Sharing.ts"

const { elapse } = Simulation

shared("shows who is registered, since when, and who was not heard of of late", function*() {
  const node = yield* bootstrap()
  const panel = Bootstrap.make(node)
  const began = yield* Clock.currentTimeMillis
  assert.deepStrictEqual(yield* panel.members, [])
  yield* sharer(2)
  yield* elapse("1 minute")
  const silent = yield* sharer(3)
  assert.deepStrictEqual((yield* panel.members).map(({ id, since }) => [id, (since ?? 0) - began]), [
    [at(2), 0],
    [at(3), 60_000]
  ])
  assert.deepStrictEqual(yield* membersOf(panel), [`${at(2)}: `, `${at(3)}: `])
  yield* silent.leave
  assert.deepStrictEqual(yield* membersOf(panel), [`${at(2)}: `])
})

shared("marks a peer that is silent for half of the time after which it expires", function*() {
  const panel = Bootstrap.make(yield* bootstrap())
  const peer = yield* sharer(2, {}, { keepAlive: Duration.minutes(9) })
  yield* elapse("5 minutes")
  assert.deepStrictEqual(yield* membersOf(panel), [`${at(2)}: `])
  yield* elapse("1 minute")
  assert.deepStrictEqual(yield* membersOf(panel), [`${at(2)}: silent of late (overdue)`])
  yield* elapse("3 minutes")
  assert.deepStrictEqual(yield* membersOf(panel), [`${at(2)}: `])
  yield* peer.leave
})

shared("says where it is and how it is, and has nothing to ask", function*() {
  const node = yield* bootstrap()
  const journal = Journal.make<PyrateEvent.PyrateEvent>(({ _tag }) => ({ text: _tag, level: "INFO" }))
  const panel = Bootstrap.make(node, { journal })
  assert.deepInclude(yield* panel.about, { role: "bootstrap", self: "0.0.0.0:21168", log: true })
  assert.deepStrictEqual([panel.abilities, panel.talk], [[], undefined])
  assert.deepStrictEqual(yield* panel.status, { tone: "good", word: "listening" })
  yield* journal.note({ _tag: "Joined", peer: at(2) })
  assert.deepStrictEqual((yield* panel.log?.since(-1) ?? Effect.succeed([])).map(({ text }) => text), ["Joined"])
  assert.deepStrictEqual(panel.encode({ _tag: "Joined", peer: at(2) }), { event: "Joined", peer: at(2) })
  assert.deepStrictEqual(panel.touches({ _tag: "Joined", peer: at(2) }), ["members"])
  decided(panel, Bootstrap.touched, PyrateEvent.PyrateEvent.cases)
  yield* node.leave
  assert.strictEqual((yield* panel.status).tone, "bad")
})
