/** Sessions and the dials in them: when there is a new one, what a dial costs, how both end. */
import { assert, describe, it } from "@effect/vitest"
import type { SecureTransport } from "@peerage/secure"
import { MemoryNetwork, SocketFailure } from "@peerage/transport"
import { Duration, Effect, Exit, Fiber, Queue, Redacted, Scope, SubscriptionRef } from "effect"
import { ascii, ask, asked, at, echo, elapse, ended, secure, seeded, settle, text, wire } from "./Peers.ts"

type Options = Partial<SecureTransport.SecureOptions>

/** A server that echoes, and a client, 20 milliseconds from each other. */
const world = Effect.fnUntraced(function*(options: { readonly client?: Options; readonly server?: Options } = {}) {
  const network = yield* MemoryNetwork.make({
    seed: 1,
    link: { latency: "20 millis" },
    traceEntries: 100_000,
    traceBytes: 70_000
  })
  const server = yield* secure(network.transport("10.0.0.1"), "server", options.server)
  const client = yield* secure(network.transport("10.0.0.2"), "client", options.client)
  const serving = yield* Scope.make()
  yield* Effect.addFinalizer(() => Scope.close(serving, Exit.void))
  const listener = yield* Scope.provide(server.transport.listen(at("10.0.0.1:80")), serving)
  const connections = Effect.map(network.trace, (trace) => trace.filter(({ kind }) => kind === "SYN").length)
  return { network, server, client, listener, serving, connections }
})

const echoing = Effect.fnUntraced(function*(options: Parameters<typeof world>[0] = {}) {
  const all = yield* world(options)
  yield* echo(all.listener)
  return all
})

/** Both ends of a dial from the client. */
const pair = Effect.fnUntraced(function*({ client, listener }: Effect.Success<ReturnType<typeof world>>) {
  const dialing = yield* Effect.forkChild(client.transport.connect(at("10.0.0.1:80")), { startImmediately: true })
  yield* elapse("1 second")
  const dialed = yield* Fiber.join(dialing)
  yield* elapse("100 millis")
  return { dialed, accepted: yield* Queue.take(listener.accepted) }
})

/** Simulated milliseconds until an effect ends. */
const milliseconds = Effect.fnUntraced(function*<A, E>(effect: Effect.Effect<A, E>) {
  const running = yield* Effect.forkChild(effect, { startImmediately: true })
  yield* settle
  let passed = 0
  while (running.pollUnsafe() === undefined && passed < 60_000) {
    yield* elapse("1 millis")
    passed++
  }
  return { passed, result: yield* Fiber.join(running) }
})

describe("a dial", () => {
  it.effect("costs five ways by passphrase, and none in the session that is kept", () =>
    Effect.gen(function*() {
      const { client, connections } = yield* echoing()
      const first = yield* milliseconds(ask(client.transport, "10.0.0.1:80"))
      const second = yield* milliseconds(ask(client.transport, "10.0.0.1:80"))
      // TCP, three round trips, and the message with its answer.
      assert.deepStrictEqual(first, { passed: 200, result: "attack at dawn" })
      assert.deepStrictEqual(second, { passed: 40, result: "attack at dawn" })
      assert.strictEqual(yield* connections, 1)
      assert.deepStrictEqual(client.seen, ["Admitted Passphrase"])
    }))

  it.effect("costs a round trip less by key", () =>
    Effect.gen(function*() {
      const { client, server } = yield* echoing({
        client: { keys: [seeded("server").identity.key] },
        server: { keys: [seeded("client").identity.key], passphrase: undefined }
      })
      const { passed } = yield* milliseconds(ask(client.transport, "10.0.0.1:80"))
      assert.strictEqual(passed, 160)
      assert.deepStrictEqual([client.seen, server.seen], [["Admitted Key"], ["Admitted Key"]])
    }))

  it.effect("finds each end's key at the other", () =>
    Effect.gen(function*() {
      const all = yield* world()
      const { accepted, dialed } = yield* pair(all)
      assert.strictEqual(dialed.identity, all.server.identity.key)
      assert.strictEqual(accepted.identity, all.client.identity.key)
    }))

  it.effect("has a session of its own without multiplexing, and from a port of its own", () =>
    Effect.gen(function*() {
      const { client, connections } = yield* echoing({ client: { multiplex: false } })
      yield* asked(client.transport, "10.0.0.1:80")
      yield* asked(client.transport, "10.0.0.1:80")
      assert.strictEqual(yield* connections, 2)
      assert.deepStrictEqual(yield* SubscriptionRef.get(client.sessions.open), [])
      assert.deepStrictEqual(client.seen.slice(0, 2), ["Admitted Passphrase", "Ended Closed"])
    }))

  it.effect("opens another session when one has as many streams as it may", () =>
    Effect.gen(function*() {
      const all = yield* world({ client: { config: { maxStreams: 2 } } })
      for (let stream = 0; stream < 5; stream++) yield* pair(all)
      assert.strictEqual(yield* all.connections, 3)
      const open = yield* SubscriptionRef.get(all.client.sessions.open)
      assert.deepStrictEqual(open.map(({ streams }) => streams), [2, 2, 1])
    }))

  it.effect("is reset by a listener that holds as many streams as it may", () =>
    Effect.gen(function*() {
      const all = yield* world({ server: { config: { maxStreams: 1 } } })
      yield* pair(all)
      const refused = yield* all.client.transport.connect(at("10.0.0.1:80")).pipe(
        Effect.forkChild({ startImmediately: true })
      )
      yield* elapse("1 second")
      assert.strictEqual(ended(yield* Fiber.join(refused)), "ECONNRESET")
    }))

  it.effect("finds out within two seconds that the host of a silent session is dead, and goes on with a new carrier", () =>
    Effect.gen(function*() {
      const { client, connections, network } = yield* echoing()
      yield* asked(client.transport, "10.0.0.1:80")
      yield* network.partition("10.0.0.1", "10.0.0.2")
      const asking = yield* Effect.forkChild(ask(client.transport, "10.0.0.1:80"), { startImmediately: true })
      yield* elapse("1999 millis")
      assert.strictEqual(yield* connections, 1)
      yield* elapse("1 millis")
      assert.isAbove(yield* connections, 1)
      yield* network.healAll
      yield* elapse("10 seconds")
      assert.strictEqual(yield* Fiber.join(asking), "attack at dawn")
    }))

  it.effect("asks a silent session once for all dials, and goes on when it answers", () =>
    Effect.gen(function*() {
      const { client, connections } = yield* echoing()
      yield* asked(client.transport, "10.0.0.1:80")
      const asking = yield* Effect.forkChild(
        Effect.forEach([1, 2, 3], () => ask(client.transport, "10.0.0.1:80"), { concurrency: 3 }),
        { startImmediately: true }
      )
      yield* elapse("80 millis")
      assert.deepStrictEqual(yield* Fiber.join(asking), ["attack at dawn", "attack at dawn", "attack at dawn"])
      assert.strictEqual(yield* connections, 1)
    }))

  for (const [within, code] of [[30, "ETIMEDOUT"], [90, "HandshakeTimeout"]] as const) {
    it.effect(`fails after its connect timeout of ${within} ms with ${code}, and leaves nothing behind`, () =>
      Effect.gen(function*() {
        const { client } = yield* echoing()
        const dial = client.transport.connect(at("10.0.0.1:80"), { connectTimeout: within })
        const { passed, result } = yield* milliseconds(Effect.flip(dial))
        assert.strictEqual(passed, within)
        assert.strictEqual(SocketFailure.errno(result), code)
        // Nobody waits for the session any more.
        yield* elapse("1 second")
        assert.deepStrictEqual(yield* SubscriptionRef.get(client.sessions.open), [])
      }))
  }

  it.effect("meets ECONNREFUSED once the listener's scope was left, and its streams end in peace", () =>
    Effect.gen(function*() {
      const all = yield* world()
      const { accepted, dialed } = yield* pair(all)
      yield* Scope.close(all.serving, Exit.void)
      yield* elapse("1 second")
      assert.strictEqual(yield* asked(all.client.transport, "10.0.0.1:80"), "ECONNREFUSED")
      accepted.write([ascii("farewell")])
      accepted.close()
      yield* elapse("1 second")
      assert.strictEqual(text(dialed.take()), "farewell")
      assert.strictEqual(ended(dialed), "FIN")
      dialed.close()
      yield* elapse("1 second")
      assert.deepStrictEqual(all.client.seen, ["Admitted Passphrase", "Ended Closed"])
    }))
})

describe("a session", () => {
  it.effect("is left by the dialer after a minute without streams, without a reset", () =>
    Effect.gen(function*() {
      const { client, network, server } = yield* echoing()
      yield* milliseconds(ask(client.transport, "10.0.0.1:80"))
      yield* elapse("59 seconds")
      assert.strictEqual((yield* SubscriptionRef.get(client.sessions.open)).length, 1)
      yield* elapse("2 seconds")
      assert.deepStrictEqual(client.seen, ["Admitted Passphrase", "Ended Closed"])
      assert.deepStrictEqual(server.seen, ["Admitted Passphrase", "Ended Closed"])
      assert.strictEqual((yield* network.trace).filter(({ kind }) => kind === "RST").length, 0)
    }))

  it.effect("is left by the other end after two minutes, when the dialer does not", () =>
    Effect.gen(function*() {
      const { client, server } = yield* echoing({ client: { config: { idle: "1 hour" } } })
      yield* milliseconds(ask(client.transport, "10.0.0.1:80"))
      yield* elapse("119 seconds")
      assert.deepStrictEqual(server.seen, ["Admitted Passphrase"])
      yield* elapse("2 seconds")
      assert.deepStrictEqual([client.seen[1], server.seen[1]], ["Ended Closed", "Ended Closed"])
    }))

  it.effect("is left at moments between two milliseconds, and time goes on", () =>
    Effect.gen(function*() {
      const { client, network } = yield* echoing()
      for (let time = 0; time < 20; time++) {
        yield* network.setLink("10.0.0.1", "10.0.0.2", { latency: `${1 + time * 0.137} millis` })
        yield* Effect.forkChild(ask(client.transport, "10.0.0.1:80"), { startImmediately: true })
        yield* elapse("1 second")
        yield* elapse("61 seconds")
        assert.strictEqual(client.seen.at(-1), "Ended Closed")
      }
    }))

  it.effect("stays while it has a stream, however silent", () =>
    Effect.gen(function*() {
      const all = yield* world()
      const { accepted, dialed } = yield* pair(all)
      yield* elapse("1 hour")
      dialed.write([ascii("still here")])
      yield* elapse("100 millis")
      assert.strictEqual(text(accepted.take()), "still here")
    }))

  it.effect("resets its streams when the carrier is lost, and says so once", () =>
    Effect.gen(function*() {
      const all = yield* world()
      const one = yield* pair(all)
      const other = yield* pair(all)
      yield* all.network.kill("10.0.0.1")
      yield* all.network.restart("10.0.0.1")
      one.dialed.write([ascii("anybody?")])
      yield* elapse("1 second")
      assert.deepStrictEqual([ended(one.dialed), ended(other.dialed)], ["ECONNRESET", "ECONNRESET"])
      assert.strictEqual(SocketFailure.errno(one.dialed.broken() ?? SocketFailure.closed(1000)), "ECONNRESET")
      assert.deepStrictEqual(all.client.seen, ["Admitted Passphrase", "Ended ECONNRESET"])
    }))

  it.effect("changes its keys again and again, in both directions, without losing a byte", () =>
    Effect.gen(function*() {
      const config = { rekeyInterval: 3 }
      const { client } = yield* echoing({ client: { config }, server: { config } })
      for (let time = 0; time < 20; time++) {
        assert.strictEqual(yield* asked(client.transport, "10.0.0.1:80", `message ${time}`), `message ${time}`)
      }
      assert.deepStrictEqual(client.seen, ["Admitted Passphrase"])
    }))

  it.effect("carries no word of what is said, and no passphrase", () =>
    Effect.gen(function*() {
      const { client, network } = yield* echoing()
      assert.strictEqual(yield* asked(client.transport, "10.0.0.1:80"), "attack at dawn")
      const all = yield* wire(network)
      for (const word of ["attack", "dawn", "between us", seeded("client").identity.key]) assert.notInclude(all, word)
    }))
})

describe("a stream", () => {
  it.effect("that is not read holds nothing but itself", () =>
    Effect.gen(function*() {
      const all = yield* world()
      const slow = yield* pair(all)
      const fast = yield* pair(all)
      slow.dialed.write([new Uint8Array(1_000_000)])
      yield* elapse("5 seconds")
      fast.dialed.write([ascii("quick")])
      yield* elapse("1 second")
      assert.strictEqual(text(fast.accepted.take()), "quick")
      // What its window allows, and no more.
      assert.strictEqual(slow.accepted.take()?.reduce((sum, { length }) => sum + length, 0), 8192)
      // And what the larger one does that it has once something was taken.
      yield* elapse("1 second")
      assert.strictEqual(slow.accepted.take()?.reduce((sum, { length }) => sum + length, 0), 65_536)
    }))

  it.effect("carries much both ways at once, though each end writes before it reads", () =>
    Effect.gen(function*() {
      const all = yield* world()
      const ends = [yield* pair(all), yield* pair(all)].flatMap(({ accepted, dialed }) => [accepted, dialed])
      const received = ends.map(() => 0)
      for (const pipe of ends) pipe.write([new Uint8Array(3_000_000)])
      yield* elapse("10 seconds")
      for (const [index, pipe] of ends.entries()) {
        const take = () => {
          for (const { length } of pipe.take() ?? []) received[index] = (received[index] ?? 0) + length
        }
        pipe.observe({ readable: take, drained: () => {}, closed: take })
      }
      yield* elapse("1 minute")
      assert.deepStrictEqual(received, ends.map(() => 3_000_000))
    }))

  it.effect("that was closed is reset when the peer takes nothing for 30 seconds", () =>
    Effect.gen(function*() {
      const all = yield* world()
      const { accepted, dialed } = yield* pair(all)
      dialed.write([new Uint8Array(1_000_000)])
      dialed.close()
      yield* elapse("29 seconds")
      assert.strictEqual(ended(accepted), "open")
      yield* elapse("2 seconds")
      assert.strictEqual(ended(accepted), "ECONNRESET")
    }))

  it.effect("says how long its reader has taken nothing", () =>
    Effect.gen(function*() {
      const all = yield* world()
      const { accepted, dialed } = yield* pair(all)
      dialed.write([new Uint8Array(200_000)])
      yield* elapse("10 seconds")
      assert.isAtLeast(dialed.stalledFor(), 9900)
      accepted.take()
      yield* elapse("100 millis")
      assert.isAtMost(dialed.stalledFor(), 200)
    }))

  it.effect("shows another port for each stream of a session, the same at both ends", () =>
    Effect.gen(function*() {
      const all = yield* world()
      const ports = new Set<number>()
      for (let stream = 0; stream < 3; stream++) {
        const { accepted, dialed } = yield* pair(all)
        assert.strictEqual(accepted.remote.port, dialed.local.port)
        ports.add(dialed.local.port)
      }
      assert.strictEqual(ports.size, 3)
    }))
})

describe("the sessions of a transport", () => {
  it.effect("show who is there, with how many streams", () =>
    Effect.gen(function*() {
      const all = yield* world()
      yield* pair(all)
      const [session] = yield* SubscriptionRef.get(all.server.sessions.open)
      assert.strictEqual(session?.key, all.client.identity.key)
      assert.strictEqual(session?.streams, 1)
      yield* pair(all)
      assert.strictEqual(session?.streams, 2)
    }))

  it.effect("drop a key: its streams are reset, and it has to prove the passphrase again", () =>
    Effect.gen(function*() {
      const all = yield* world()
      const { dialed } = yield* pair(all)
      const { key } = all.client.identity
      assert.isTrue(yield* all.server.sessions.drop(key))
      yield* elapse("100 millis")
      assert.strictEqual(ended(dialed), "ECONNRESET")
      assert.deepStrictEqual(all.server.seen, ["Admitted Passphrase", "Ended Dropped"])
      assert.isFalse(yield* all.server.sessions.drop(key))
      yield* echo(all.listener)
      yield* asked(all.client.transport, "10.0.0.1:80")
      assert.strictEqual(all.server.seen[2], "Admitted Passphrase")
    }))

  it.effect("change the passphrase while everybody stays: strangers and the forgotten need the new one", () =>
    Effect.gen(function*() {
      const all = yield* echoing()
      const kicked = yield* secure(all.network.transport("10.0.0.3"), "kicked")
      yield* asked(all.client.transport, "10.0.0.1:80")
      yield* asked(kicked.transport, "10.0.0.1:80")
      const renewed = Redacted.make("a new one")
      yield* all.server.sessions.rotate(renewed, [all.client.identity.key])
      yield* all.server.sessions.drop(kicked.identity.key)
      assert.strictEqual(yield* asked(kicked.transport, "10.0.0.1:80"), "WrongPassphrase")
      assert.strictEqual(yield* asked(all.client.transport, "10.0.0.1:80"), "attack at dawn")
      // The one that was kept comes in by its key.
      yield* elapse("5 minutes")
      assert.strictEqual(yield* asked(all.client.transport, "10.0.0.1:80"), "attack at dawn")
      const admitted = all.client.seen.filter((event) => event.startsWith("Admitted"))
      assert.deepStrictEqual(admitted, ["Admitted Passphrase", "Admitted Key", "Admitted Key"])
      const newcomer = yield* secure(all.network.transport("10.0.0.4"), "newcomer", { passphrase: renewed })
      assert.strictEqual(yield* asked(newcomer.transport, "10.0.0.1:80"), "attack at dawn")
    }))

  it.effect("need no passphrase in common where both ends were told to admit the other's key", () =>
    Effect.gen(function*() {
      const all = yield* echoing()
      const other = yield* secure(all.network.transport("10.0.0.3"), "other", { passphrase: Redacted.make("another") })
      yield* all.server.sessions.admit([other.identity.key])
      assert.strictEqual(yield* asked(other.transport, "10.0.0.1:80"), "WrongPassphrase")
      yield* other.sessions.admit([all.server.identity.key])
      assert.strictEqual(yield* asked(other.transport, "10.0.0.1:80"), "attack at dawn")
      assert.strictEqual(other.seen.at(-1), "Admitted Key")
      yield* all.server.sessions.drop(other.identity.key)
      assert.strictEqual(yield* asked(other.transport, "10.0.0.1:80"), "WrongPassphrase")
    }))

  it.effect("count for nothing what was proved of a passphrase that changed meanwhile", () =>
    Effect.gen(function*() {
      const { client, server } = yield* echoing()
      const asking = yield* Effect.forkChild(ask(client.transport, "10.0.0.1:80"), { startImmediately: true })
      // The responder has sent its share, and waits for the tag.
      yield* elapse("130 millis")
      yield* server.sessions.rotate(Redacted.make("a new one"), [])
      yield* elapse("1 second")
      assert.strictEqual(yield* Fiber.join(asking), "Busy")
      assert.deepStrictEqual(server.seen, ["Refused Busy"])
    }))

  it.effect("of one key are eight at most: a further one closes one without streams, or is refused", () =>
    Effect.gen(function*() {
      const all = yield* world({ client: { multiplex: false }, server: { config: { maxSessionsPerKey: 2 } } })
      const first = yield* pair(all)
      yield* pair(all)
      assert.strictEqual(yield* asked(all.client.transport, "10.0.0.1:80"), "Busy")
      first.dialed.close()
      first.accepted.close()
      yield* elapse("1 second")
      yield* pair(all)
    }))
})

describe("options", () => {
  it.effect("that cannot be are defects that name them", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const wrong: ReadonlyArray<readonly [string, Options]> = [
        ["passphrase of SecureTransport.make", { passphrase: Redacted.make("") }],
        ["idle of config", { config: { idle: Duration.infinity } }],
        ["maxStreams of config", { config: { maxStreams: 0 } }]
      ]
      for (const [name, options] of wrong) {
        const exit = yield* Effect.exit(secure(network.transport("10.0.0.1"), "misused", options))
        assert.include(`${exit}`, name)
      }
    }))

  it.effect("refuse UDP unless it is to stay plain", () =>
    Effect.gen(function*() {
      const network = yield* MemoryNetwork.make()
      const { transport } = yield* secure(network.transport("10.0.0.1"), "quiet")
      const error = yield* Effect.flip(transport.datagram({ bind: at("10.0.0.1:80") }))
      assert.include(error.message, "UDP")
      const plain = yield* secure(network.transport("10.0.0.2"), "loud", { datagrams: "plain" })
      yield* plain.transport.datagram({ bind: at("10.0.0.2:80") })
    }))
})
