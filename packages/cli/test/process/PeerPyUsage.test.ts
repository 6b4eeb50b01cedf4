/** The PeerPy commands where nothing comes of them, and looking for peers on a network of this machine's own. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { createSocket } from "node:dgram"
import { listening, run, start } from "./Peerage.ts"

/** Environment with a UDP port that nobody else looks for peers at. */
const quietPort = Effect.map(
  Effect.callback<number>((resume) => {
    const socket = createSocket("udp4")
    socket.bind(0, () => {
      const { port } = socket.address()
      socket.close(() => resume(Effect.succeed(port)))
    })
  }),
  (port) => ({ env: { PEERPY_DISCOVERY_PORT: String(port) } })
)

const discovering = ["peerpy", "discover", "--interface", "127.0.0.1"]

it.live("finds those who are on the network, and not those who hide", () =>
  Effect.gen(function*() {
    const network = yield* quietPort
    const [a, b] = [yield* listening([], network), yield* listening(["--invisible"], network)]
    assert.deepStrictEqual(yield* run(discovering, network), { code: 0, stdout: `${a.address}\n`, stderr: "" })
    yield* b.type("/invisible off")
    yield* b.tells("Visibility", { invisible: false })
    const asking = yield* start([...discovering, "--json", "--wait", "2s"], network)
    yield* asking.tells("Found", { peer: a.address })
    yield* asking.tells("Found", { peer: b.address })
    assert.strictEqual(yield* asking.ends, 0)
    assert.strictEqual(asking.events().length, 2)
    yield* a.type("/discover")
    yield* a.tells("Found", { peer: b.address })
    yield* a.tells("Discovered", { found: 1 })
  }))

it.live("says that nobody answered, which is no failure", () =>
  Effect.gen(function*() {
    const { code, stderr, stdout } = yield* run([...discovering, "--wait", "100ms"], yield* quietPort)
    assert.deepStrictEqual([code, stdout], [0, ""])
    assert.strictEqual(stderr, "Nobody answered on the network of 127.0.0.1 within 100ms.\n")
  }))

for (
  const [args, names] of [
    [
      ["listen", "--listen", "x", "--offer", "maybe", "--max-connections", "0", "--timeout", "soon"],
      ["--listen", "--offer takes accept, ask or deny", "--max-connections", "--timeout"]
    ],
    [
      ["connect", "192.0.2.1", "--type", "text", "--listen", "x", "--timeout", "0s"],
      ["HOST:PORT", "--type takes json, bytes or raw", "--listen", "--timeout"]
    ],
    [["connect", "--type", "text"], ["HOST:PORT is missing", "--type"]],
    [["discover", "--interface", "eth0", "--wait", "x"], ["--interface", "--wait"]],
    [["connect", "a:1", "--no-strikt"], ["Did you mean --no-strict?"]],
    [["connect", "a:1", "b:1"], ["nothing to do with \"b:1\""]],
    [["lisen"], ["Did you mean listen?"]],
    [[], ["needs a command"]]
  ] as const
) {
  it.live(`reports all mistakes of peerage peerpy ${args.join(" ")}`, () =>
    Effect.gen(function*() {
      const { code, stderr } = yield* run(["peerpy", ...args])
      assert.strictEqual(code, 2)
      for (const name of names) assert.include(stderr, name)
    }))
}

for (const args of [[], ["listen"], ["connect"], ["discover"]]) {
  it.live(`shows an example in peerage peerpy ${args.join(" ")} --help`, () =>
    Effect.gen(function*() {
      const { code, stderr, stdout } = yield* run(["peerpy", ...args, "--help"])
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.match(stdout, /EXAMPLES\n[^]*peerage peerpy/)
    }))
}

it.live("takes its flags and its numbers from the environment", () =>
  Effect.gen(function*() {
    const a = yield* start(["peerpy", "listen", "--json"], {
      env: { PEERAGE_LISTEN: "127.0.0.1:0", PEERAGE_OFFER: "DENY", PEERPY_TIMEOUT: "1 second" }
    })
    const { address } = yield* a.tells("Listening")
    assert.match(String(address), /^127\.0\.0\.1:/)
    assert.strictEqual((yield* run(["peerpy", "connect", String(address)])).code, 3)
    for (
      const [name, value] of [["PEERPY_MAX_CONNECTIONS", "0"], ["PEERPY_DISCOVERY_PORT", "65536"]] as const
    ) {
      const wrong = yield* run(["peerpy", "listen"], { env: { [name]: value } })
      assert.strictEqual(wrong.code, 2)
      assert.match(wrong.stderr, new RegExp(`${name} takes a value`))
    }
  }))

it.live("tells others an address that they can use, wherever it listens", () =>
  Effect.gen(function*() {
    for (const more of [[], ["--listen", "0.0.0.0:0"]]) {
      const a = yield* start(["peerpy", "listen", "--json", ...more], yield* quietPort)
      const { address } = yield* a.tells("Listening")
      assert.match(String(address), /^(?!0\.0\.0\.0:)[\d.]+:[1-9]\d*$/)
    }
  }))

it.live("ends with 4 when nobody listens there or the name is unknown, with 2 when told to connect to itself", () =>
  Effect.gen(function*() {
    const refused = yield* run(["peerpy", "connect", "127.0.0.1:1"])
    assert.deepStrictEqual([refused.code, refused.stdout], [4, ""])
    assert.match(refused.stderr, /^No connection to 127\.0\.0\.1:1 \(ECONNREFUSED\)\..*\n$/)
    const unknown = yield* run(["peerpy", "connect", "nobody.invalid:20000", "--json"])
    assert.strictEqual(unknown.code, 4)
    assert.match(unknown.stdout, /"event":"Failed".*"reason":"NameNotFound"/)
    const { address } = yield* Effect.scoped(listening())
    const itself = yield* run(["peerpy", "connect", address, "--listen", address])
    assert.strictEqual(itself.code, 2)
    assert.match(itself.stderr, /own address/)
  }))

it.live("ends with 1 when the port is taken, or the address is not this machine's", () =>
  Effect.gen(function*() {
    const a = yield* listening()
    const second = yield* run(["peerpy", "listen", "--listen", a.address])
    assert.strictEqual(second.code, 1)
    assert.match(second.stderr, /is in use by another program/)
    const elsewhere = yield* run(["peerpy", "discover", "--interface", "203.0.113.1"])
    assert.strictEqual(elsewhere.code, 1)
    assert.match(elsewhere.stderr, /Choose an address of this machine/)
  }))
