/** Faults: what hosts see of each, that it can be undone, and that those that cannot be are refused in words. */
import { assert, describe, it } from "@effect/vitest"
import { Fault, Host, Scenario, Simulation, Theatre } from "@peerage/simulate"
import { Misuse } from "@peerage/testing"
import { Transport } from "@peerage/transport"
import { Clock, Effect, Exit, FileSystem, Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { dial, failure, pair, say, simulation } from "./Kit.ts"

const perform = (fault: Fault.Fault) => Effect.flatMap(Theatre.Theatre, (theatre) => theatre.perform(fault))

const timed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const before = yield* Clock.currentTimeMillis
    yield* effect
    return (yield* Clock.currentTimeMillis) - before
  })

describe("a fault", () => {
  simulation("cuts one way, and heals by itself", function*() {
    const { client, connection } = yield* pair
    yield* perform({ cut: ["server", "client"], oneWay: true, for: "3 seconds" })
    assert.isAbove(yield* timed(client.run(say(connection, "late"))), 3000)
    assert.strictEqual(yield* timed(client.run(say(connection, "in time"))), 20)
    yield* perform({ cut: ["server", "client"] })
    yield* Effect.sleep("1 second")
    yield* perform({ heal: "all" })
    yield* perform({ heal: ["server", "client"] })
    assert.strictEqual(yield* client.run(say(connection, "healed")), "healed")
  })

  simulation("changes links while they are used, and puts them back", function*() {
    const { client, connection } = yield* pair
    yield* perform({ link: ["client", "all"], latency: 100, for: "1 minute" })
    assert.strictEqual(yield* timed(client.run(say(connection, "slow"))), 200)
    yield* perform({ link: ["client", "server"], latency: "1 second", oneWay: true, for: "10 seconds" })
    assert.strictEqual(yield* timed(client.run(say(connection, "slower"))), 1100)
    yield* perform({ link: ["client", "server"], bandwidth: 1000, latency: 0, for: "30 seconds" })
    assert.strictEqual(yield* timed(client.run(say(connection, "x".repeat(2000)))), 4000)
    yield* Effect.sleep("1 minute")
    assert.strictEqual(yield* timed(client.run(say(connection, "slow"))), 20)
  })

  simulation("lifts the bound of a narrow link, for a while or for good", function*() {
    const { client, connection } = yield* pair
    yield* perform({ link: ["client", "server"], bandwidth: 1000, latency: 0 })
    yield* perform({ link: ["client", "server"], bandwidth: "unlimited", for: "30 seconds" })
    assert.strictEqual(yield* timed(client.run(say(connection, "x".repeat(2000)))), 0)
    yield* Effect.sleep("30 seconds")
    assert.strictEqual(yield* timed(client.run(say(connection, "x".repeat(2000)))), 4000)
    yield* perform({ link: ["client", "server"], bandwidth: "unlimited" })
    yield* Effect.sleep("1 minute")
    assert.strictEqual(yield* timed(client.run(say(connection, "x".repeat(2000)))), 0)
  })

  simulation("loses packets while they are sent, and no more when it is over", function*() {
    const { network } = yield* Theatre.Theatre
    const { client, connection } = yield* pair
    const lost = Effect.map(network.trace, (trace) => trace.filter(({ fate }) => fate === "Lost").length)
    yield* perform({ link: ["client", "server"], loss: 0.5, for: "1 minute" })
    for (let word = 0; word < 20; word++) yield* client.run(say(connection, `word ${word}`))
    yield* Effect.sleep("1 minute")
    const during = yield* lost
    assert.isAbove(during, 10)
    for (let word = 0; word < 20; word++) assert.strictEqual(yield* timed(client.run(say(connection, "word"))), 20)
    assert.strictEqual(yield* lost, during)
  })

  simulation("kills, stops, pauses and restarts hosts, and brings them back", function*() {
    const { client, server } = yield* pair
    for (const fault of [{ kill: "server" }, { stop: "server" }, { pause: "server" }]) {
      yield* perform({ ...fault, for: "5 seconds" })
      yield* Effect.sleep("1 second")
      assert.notStrictEqual(yield* server.status, "Running")
      yield* Effect.sleep("5 seconds")
      assert.strictEqual(yield* server.status, "Running")
      assert.strictEqual(yield* client.run(Effect.flatMap(dial, (again) => say(again, "again"))), "again")
    }
    yield* perform({ kill: "server", for: "5 seconds" })
    yield* server.restart
    const connection = yield* client.run(dial)
    yield* Effect.sleep("10 seconds")
    assert.strictEqual(yield* client.run(say(connection, "is not restarted twice")), "is not restarted twice")
  })

  simulation("makes hosts mute, and readers slow", function*() {
    const { client, connection } = yield* pair
    yield* perform({ mute: "server", for: "10 seconds" })
    assert.isAtLeast(yield* timed(client.run(Effect.flatMap(dial, (mute) => say(mute, "hello?")))), 10_000)
    yield* perform({ clog: "server", for: "10 seconds" })
    assert.isAtLeast(yield* timed(client.run(say(connection, "read it"))), 10_000)
  })

  simulation("fills disks", function*() {
    const host = yield* Host.make("host")
    const write = Effect.flatMap(FileSystem.FileSystem, (files) => files.writeFileString("file", "text", { flag: "a" }))
    yield* host.run(write)
    yield* perform({ fill: "all", for: "1 second" })
    assert.match((yield* Effect.flip(host.run(write))).message, /no space left/)
    yield* Effect.sleep("2 seconds")
    yield* host.run(write)
  })

  simulation("resets connections, now, or at random at a rate", function*() {
    const { client, connection } = yield* pair
    yield* perform({ reset: "client" })
    assert.strictEqual(yield* failure(client.run(connection.pull)), "ECONNRESET")
    yield* perform({ flaky: "server", perMinute: 12, for: "10 minutes" })
    let resets = 0
    while ((yield* Clock.currentTimeMillis) < 600_000) {
      const { pull } = yield* client.run(dial)
      if (Exit.isFailure(yield* Effect.exit(client.run(Effect.timeoutOption(pull, "2 minutes"))))) resets++
    }
    assert.closeTo(resets, 120, 35)
  })

  simulation("duplicates and reorders datagrams", function*() {
    const received: Array<string> = []
    const receive = Effect.gen(function*() {
      const transport = yield* Transport.Transport
      const socket = yield* transport.datagram({ bind: NetAddress.inetAddressFromStringUnsafe("0.0.0.0:53") })
      const { pull } = yield* socket.reader
      while (true) for (const { payload } of yield* pull) received.push(new TextDecoder().decode(payload))
    })
    yield* Host.make("receiver", receive, { address: "10.0.0.1" })
    const sender = yield* Host.make("sender")
    yield* perform({ link: ["sender", "receiver"], duplication: 0.3, reordering: 0.3, reorderDelay: "100 millis" })
    yield* sender.run(Effect.gen(function*() {
      const transport = yield* Transport.Transport
      const socket = yield* transport.datagram({ bind: NetAddress.inetAddressFromStringUnsafe("0.0.0.0:0") })
      yield* socket.reader
      const writer = yield* socket.writer
      for (let index = 100; index < 200; index++) {
        yield* writer.write({ payload: `${index}`, address: NetAddress.inetAddressFromStringUnsafe("10.0.0.1:53") })
        yield* Effect.sleep("10 millis")
      }
    }))
    yield* Effect.sleep("1 second")
    assert.strictEqual(new Set(received).size, 100)
    assert.isAbove(received.length, 110)
    assert.notDeepEqual(received, [...received].sort())
  })

  simulation("is over when somebody puts it right, and counts no more among those that come later", function*() {
    const { network } = yield* Theatre.Theatre
    const { server } = yield* pair
    for (
      const [fault, mended] of [
        [{ cut: ["server", "client"] }, { heal: ["client", "server"] }],
        [{ cut: ["server", "client"] }, { heal: "all" }],
        [{ kill: "server" }, { restart: "server" }],
        [{ pause: "server" }, { resume: "server" }]
      ] as const
    ) {
      yield* perform(fault)
      yield* perform({ ...fault, for: "2 seconds" })
      yield* perform(mended)
      yield* Effect.sleep("1 second")
      yield* perform({ ...fault, for: "5 seconds" })
      yield* Effect.sleep("3 seconds")
      const isWrong = server.running ? (yield* server.status) === "Paused" : true
      assert.isTrue(isWrong || (yield* network.partitions).length === 2, `${Object.keys(fault)} does not end early`)
      yield* Effect.sleep("3 seconds")
      assert.deepStrictEqual(yield* network.partitions, [])
      assert.strictEqual(yield* server.status, "Running")
    }
  })

  simulation("ends when the last of those that overlap does, and leaves all as it was", function*() {
    const { network } = yield* Theatre.Theatre
    const { client, connection, server } = yield* pair
    for (const fault of [{ cut: ["server", "client"] }, { pause: "server" }, { clog: "server" }] as const) {
      yield* perform({ ...fault, for: "10 seconds" })
      yield* Effect.sleep("5 seconds")
      yield* perform({ ...fault, for: "10 seconds" })
      assert.isAtLeast(yield* timed(client.run(say(connection, "late"))), 10_000)
    }
    yield* perform({ clog: "server", for: "10 seconds" })
    yield* perform({ pause: "server", for: "2 seconds" })
    assert.strictEqual(yield* timed(client.run(say(connection, "not read when it goes on"))), 10_010)
    yield* perform({ link: ["server", "client"], latency: 300, for: "10 seconds" })
    yield* Effect.sleep("5 seconds")
    yield* perform({ link: ["all", "all"], latency: 100, for: "10 seconds" })
    yield* perform({ link: ["server", "all"], loss: 0.5, for: "1 second" })
    yield* Effect.sleep("7 seconds")
    assert.strictEqual(yield* timed(client.run(say(connection, "slow"))), 200)
    yield* Effect.sleep("7 seconds")
    assert.strictEqual(yield* timed(client.run(say(connection, "as before"))), 20)
    assert.deepStrictEqual(
      yield* network.link(server.address, client.address),
      yield* network.link(client.address, server.address)
    )
    yield* perform({ kill: "server", for: "10 seconds" })
    yield* perform({ kill: "server", for: "20 seconds" })
    yield* Effect.sleep("15 seconds")
    assert.strictEqual(yield* server.status, "Killed")
    yield* Effect.sleep("6 seconds")
    assert.strictEqual(yield* server.status, "Running")
  })

  simulation("names hosts by name, in lists and in ranges", function*() {
    const hosts = yield* Effect.forEach([1, 2, 3, 4, 5], (index) => Host.make(`${index}`))
    yield* perform({ pause: "2-3, 5" })
    assert.deepStrictEqual(yield* Effect.forEach(hosts, (host) => host.status), [
      "Running",
      "Paused",
      "Paused",
      "Running",
      "Paused"
    ])
    assert.strictEqual(
      yield* Misuse.sentence(perform({ pause: "2, 7" })),
      `The option pause of a fault is "7". Give the name of a host: 1, 2, 3, 4, 5.`
    )
    assert.strictEqual(
      yield* Misuse.sentence(perform({ cut: ["1-3,8", "x"], for: 0 })),
      `The option for of a fault is 0. Give a time above zero that has an end, such as "1 hour". ` +
        `The option cut of a fault is "8". Give the name of a host: 1, 2, 3, 4, 5. ` +
        `The option cut of a fault is "x". Give the name of a host: 1, 2, 3, 4, 5.`
    )
  })

  simulation("that cannot be is a defect that names all that is wrong with it", function*() {
    for (const name of ["a", "b"]) yield* Host.make(name)
    assert.strictEqual(
      yield* Misuse.sentence(perform({ latency: -1, loss: NaN, cut: ["a", "b"], kill: "a", for: 0 })),
      `The option latency of a fault is -1. Give a time of zero or more that has an end, such as "5 seconds". ` +
        "The option loss of a fault is NaN. Give a number from 0 to 1. " +
        `The option for of a fault is 0. Give a time above zero that has an end, such as "1 hour". ` +
        "The option verb of a fault is cut and kill. Give exactly one of cut, heal, link, kill, stop, restart, pause, " +
        "resume, clog, unclog, mute, unmute, fill, reset, flaky."
    )
    assert.strictEqual(
      yield* Misuse.sentence(perform({ kill: "a", loss: 0.5, oneWay: true })),
      "The option oneWay of a fault is true. Give it with cut or heal or link. " +
        "The option loss of a fault is 0.5. Give it with link."
    )
  })
})

describe("a scenario", () => {
  const scenario: Scenario.Scenario = {
    seed: 7,
    link: { latency: "10 millis" },
    faults: [
      { at: "20 seconds", cut: ["server", "client"], for: "5 seconds" },
      { at: 1000, link: ["all", "all"], loss: 0.1 }
    ]
  }

  it("is JSON, and says all that is wrong with one", () => {
    assert.deepStrictEqual(Result.getOrThrow(Scenario.decode(JSON.parse(Scenario.format(scenario)))), scenario)
    assert.strictEqual(
      Scenario.format(scenario),
      `{
  "seed": 7,
  "link": {"latency":"10 millis"},
  "faults": [
    {"at":"20 seconds","cut":["server","client"],"for":"5 seconds"},
    {"at":1000,"link":["all","all"],"loss":0.1}
  ]
}`
    )
    const wrong = {
      sed: 1,
      faults: [{ at: "soon", kill: "1" }, { at: 1, loss: 2, stop: 3 }, { at: 0 }],
      link: { loss: 2 }
    }
    const decoded = Scenario.decode(wrong)
    assert.deepStrictEqual(Result.isFailure(decoded) && decoded.failure.mistakes.map(({ option }) => option).sort(), [
      "faults.0.at of the scenario",
      "faults.1.loss of the scenario",
      "faults.1.loss of the scenario",
      "faults.1.stop of the scenario",
      "faults.2.verb of the scenario",
      "link.loss of the scenario",
      "sed of the scenario"
    ])
  })

  it.effect("is played beside a program", () =>
    Effect.gen(function*() {
      const { client, connection } = yield* pair
      yield* Effect.sleep("20 seconds")
      assert.isAbove(yield* timed(client.run(say(connection, "late"))), 5000)
      const { score } = yield* Theatre.Theatre
      assert.deepStrictEqual(yield* score, {
        seed: 7,
        link: { latency: 10 },
        faults: [
          { at: 1000, link: ["all", "all"], loss: 0.1 },
          { at: 20_000, cut: ["server", "client"], for: "5 seconds" }
        ]
      })
    }).pipe(Simulation.run(scenario)))

  it("reads times as people write them, wherever it has one", () => {
    const times = ["30s", "200ms", "5m", "1h30m", "1.5s", " 2 h ", "30 seconds", "7 millis", 12]
    const faults = times.map((at) => ({ at, link: ["1", "2"], for: at, latency: at, jitter: at, reorderDelay: at }))
    const decoded = Result.getOrThrow(Scenario.decode({ faults, link: { latency: "20ms" } }))
    const read = [30_000, 200, 300_000, 5_400_000, 1500, 7_200_000, "30 seconds", "7 millis", 12]
    assert.deepStrictEqual(decoded.link, { latency: 20 })
    for (const key of ["at", "for", "latency", "jitter", "reorderDelay"] as const) {
      assert.deepStrictEqual<unknown>(decoded.faults?.map((fault) => fault[key]), read)
    }
    const wrong = ["30", "s", "30x", "-5s", "", "5s5", "soon"].map((at) => ({ at, kill: "1" }))
    const refused = Scenario.decode({ faults: wrong })
    assert.lengthOf(Result.isFailure(refused) ? refused.failure.mistakes : [], wrong.length)
  })
})

describe("the names of hosts", () => {
  const names = ["1", "2", "3", "10", "server"]

  it("stand for one, several, those of a range that there are, or all", () => {
    assert.deepStrictEqual(Fault.hostsIn(names, "server"), { found: ["server"], unknown: [] })
    assert.deepStrictEqual(Fault.hostsIn(names, "2-20, 2"), { found: ["2", "3", "10"], unknown: [] })
    assert.deepStrictEqual(Fault.hostsIn(names, "all"), { found: names, unknown: [] })
    assert.deepStrictEqual(Fault.hostsIn(names, "1,4,11-12"), { found: ["1"], unknown: ["4", "11-12"] })
  })

  it("are told apart from those of no host before anything runs", () => {
    const expected = "the name of a host: 1, 2, 3, 10, server"
    assert.deepStrictEqual(Fault.strangersIn(names, { cut: ["1-3", "7,server"] }, ["faults", 0]), [
      { path: ["faults", 0, "cut"], given: "\"7\"", expected }
    ])
    assert.deepStrictEqual(Fault.strangersIn(names, { kill: "all", heal: "all", link: ["1", "10"] }), [])
    assert.deepStrictEqual(Fault.strangersIn(names, "no fault"), [])
  })
})
