/** Where PeerPy peers are found, and by whom. */
import { assert } from "@effect/vitest"
import { Simulation } from "@peerage/transport"
import { here, start, tested } from "./InProcess.ts"

const { listening } = here

tested("tells others an address that they can use, wherever it listens", function*() {
  for (const more of [[], ["--listen", "0.0.0.0:0"]]) {
    const { address } = yield* here.open("peerpy", "listen", ...more)
    assert.match(address, /^(?!0\.0\.0\.0:)[\d.]+:[1-9]\d*$/)
  }
})

const discovering = ["peerpy", "discover", "--interface", "127.0.0.1"]

tested("finds those who are on the network, and not those who hide", function*() {
  const [a, b] = [yield* listening(), yield* listening("--invisible")]
  const found = yield* start(discovering)
  yield* Simulation.elapse("500 millis")
  assert.deepStrictEqual([yield* found.ends, found.stdout(), found.stderr()], [0, `${a.address}\n`, ""])
  yield* b.type("/invisible off")
  yield* b.tells("Visibility", { invisible: false })
  const asking = yield* start([...discovering, "--json", "--wait", "2s"])
  yield* Simulation.elapse("2 seconds")
  yield* asking.tells("Found", { peer: a.address })
  yield* asking.tells("Found", { peer: b.address })
  assert.strictEqual(yield* asking.ends, 0)
  assert.strictEqual(asking.events().length, 2)
  yield* a.type("/discover")
  yield* Simulation.elapse("500 millis")
  yield* a.tells("Found", { peer: b.address })
  yield* a.tells("Discovered", { found: 1 })
})

tested("asks on all networks of this machine, unless it is told on which", function*() {
  const { address } = yield* here.open("peerpy", "listen")
  yield* Simulation.settle
  const found = yield* start(["peerpy", "discover"])
  yield* Simulation.elapse("500 millis")
  assert.deepStrictEqual([yield* found.ends, found.stdout(), found.stderr()], [0, `${address}\n`, ""])
  const none = yield* start(["peerpy", "discover", "--wait", "100ms"], { env: { PEERPY_DISCOVERY_PORT: "1025" } })
  yield* Simulation.elapse("1 second")
  assert.strictEqual(yield* none.ends, 0)
  assert.strictEqual(none.stderr(), "Nobody answered on any network of this machine within 100ms.\n")
})

tested("says that nobody answered, which is no failure", function*() {
  const asking = yield* start([...discovering, "--wait", "100ms"])
  yield* Simulation.elapse("100 millis")
  assert.deepStrictEqual([yield* asking.ends, asking.stdout()], [0, ""])
  assert.strictEqual(asking.stderr(), "Nobody answered on the network of 127.0.0.1 within 100ms.\n")
})
