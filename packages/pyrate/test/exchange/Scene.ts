/** A simulated network with one who asks and one who is asked, either of them a script of the test's; time under control. */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import { FileName, PyrateConfig } from "@peerage/pyrate"
import { Connection, type Listener, MemoryNetwork, Simulation } from "@peerage/transport"
import { Effect, Fiber, Queue, type Scope, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Download from "../../src/exchange/Download.ts"
import * as Hearing from "../../src/exchange/Hearing.ts"
import { Raw } from "./Raw.ts"

export const holderIp = "10.0.0.1"
export const requesterIp = "10.0.0.2"
export const strangerIp = "10.0.0.3"
export const holderAt = `${holderIp}:5005`
export const inet = NetAddress.inetAddressFromStringUnsafe
export const simulated = Effect.provide(MemoryNetwork.layer())
export const song = FileName.FileName.make("song.txt")
export const config = PyrateConfig.defaults
export const bytes = (text: string) => new TextEncoder().encode(text)
export const digest = (text: string) => `\0pyrate+ digest ${bytesToHex(sha256(bytes(text)))}\n`
export const { elapse, settle } = Simulation

const transportOf = (ip: string) => Effect.map(MemoryNetwork.MemoryNetwork, (network) => network.transport(ip))

/** Somebody who is asked by the test's hand. */
export const script = Effect.fnUntraced(function*(ip = holderIp) {
  const transport = yield* transportOf(ip)
  const listener = yield* transport.listen(inet(`${ip}:5005`))
  return {
    /** The next connection that somebody made. */
    asked: nextOf(listener),
    /** Dials somebody, as it is told where. */
    dial: (to: NetAddress.InetAddress) => Effect.map(transport.connect(to), (pipe) => new Raw(pipe))
  }
})

/** The next connection to a listener, after everything that needs no time. */
export const nextOf = ({ accepted }: Listener.Listener) =>
  Effect.gen(function*() {
    yield* settle
    const raw = new Raw(yield* Queue.take(accepted))
    yield* settle
    return raw
  })

/** A request by one of ours, and all that comes of it: the size that was told, and the content as text. */
const fetch = (overrides: Partial<PyrateConfig.PyrateConfig> = {}) =>
  Effect.scoped(Effect.gen(function*() {
    const transport = yield* transportOf(requesterIp)
    const asking = { transport, address: inet(holderAt), config: PyrateConfig.make(overrides) }
    const { bytes, size } = yield* Download.initiate(asking, song)
    const text = yield* Stream.runFold(Stream.decodeText(bytes), () => "", (whole, piece) => whole + piece)
    return { size, text }
  }))

/** Begins `fetch`. */
export const fetching = (overrides: Partial<PyrateConfig.PyrateConfig> = {}) => Effect.forkScoped(fetch(overrides))

/** A file to be sent, in pieces. */
export const offered = (...pieces: ReadonlyArray<string>): Download.Offered => ({
  size: pieces.join("").length,
  bytes: Stream.fromIterable(pieces.map(bytes))
})

/** One of ours who is asked once, and what comes of it: the bytes that were sent. */
export const holding = Effect.fnUntraced(function*(
  file: Download.Offered | undefined,
  from?: string
): Effect.fn.Return<
  Fiber.Fiber<number, Hearing.HearingError | Effect.Error<ReturnType<typeof Download.respond>>>,
  never,
  MemoryNetwork.MemoryNetwork | Scope.Scope
> {
  const transport = yield* transportOf(holderIp)
  const listener = yield* Effect.orDie(transport.listen(inet(holderAt)))
  // What is dialed back from elsewhere never arrives, as from behind a router.
  const astray: typeof transport.dial = (to, options) => transport.dial(from === undefined ? to : inet(from), options)
  const outwards = { ...transport, dial: astray }
  return yield* Effect.forkScoped(Effect.scoped(Effect.gen(function*() {
    const connection = Connection.fromPipe(yield* Queue.take(listener.accepted))
    const reader = yield* connection.reader
    yield* Hearing.hear(reader, config, () => false)
    const writer = yield* connection.writer
    return yield* Download.respond({ transport: outwards, remote: reader.remote, writer, config }, file)
  })))
})

/** What an effect that was begun has come to: its value, its error's tag, or that it still runs. */
export const outcome = <A, E extends { readonly _tag: string }>(fiber: Fiber.Fiber<A, E>) =>
  Effect.gen(function*() {
    yield* settle
    if (fiber.pollUnsafe() === undefined) return "Running"
    return yield* Effect.catch(Fiber.join(fiber), (error) => Effect.succeed(error._tag))
  })
