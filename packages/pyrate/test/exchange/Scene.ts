/** A simulated network with a requester and a holder, either of them a script of the test; time under control. */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import { FileName, PyrateConfig, PyrateError } from "@peerage/pyrate"
import { Stranger } from "@peerage/testing"
import { MemoryNetwork, Simulation } from "@peerage/transport"
import { ByteLink } from "@peerage/wire"
import { Effect, Fiber, Queue, Result, type Scope, Stream } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Download from "../../src/exchange/Download.ts"
import * as RequestReader from "../../src/exchange/RequestReader.ts"
import { suite } from "../Suite.ts"

export const holderIp = "10.0.0.1"
export const requesterIp = "10.0.0.2"
export const strangerIp = "10.0.0.3"
export const holderAt = `${holderIp}:5005`
export const inet = NetAddress.inetAddressFromStringUnsafe
export const song = FileName.FileName.make("song.txt")
export const config = PyrateConfig.defaults
export const bytes = (text: string) => new TextEncoder().encode(text)
export const found = (size: number) => `\0pyrate+ found ${size}\n`
export const missing = "\0pyrate+ missing\n"
export const unreadable = "\0pyrate+ unreadable\n"
export const here = "\0pyrate+ here\n"
export const digest = (text: string) => `\0pyrate+ digest ${bytesToHex(sha256(bytes(text)))}\n`
export const { elapse, settle } = Simulation

/** Tests in a network of their own. */
export const simulated = suite<MemoryNetwork.MemoryNetwork>(Effect.provide(MemoryNetwork.layer()))

/** The way from the requester to the holder. */
export const holderFrom = Effect.fnUntraced(function*(overrides: Partial<PyrateConfig.PyrateConfig> = {}) {
  const transport = (yield* MemoryNetwork.MemoryNetwork).transport(requesterIp)
  return { transport, address: inet(holderAt), config: PyrateConfig.make(overrides) }
})

/** A listener in the hand of the test. */
export const script = Effect.fnUntraced(function*(at = holderAt, from?: string) {
  const transport = (yield* MemoryNetwork.MemoryNetwork).transport(from ?? NetAddress.formatHost(inet(at)))
  const { accepted } = yield* transport.listen(inet(at))
  /** The next connection, after everything that needs no time. */
  const asked = Effect.gen(function*() {
    yield* settle
    const raw = new Stranger(yield* Queue.take(accepted))
    yield* settle
    return raw
  })
  const dial = (to: NetAddress.InetAddress) => Effect.map(transport.connect(to), (pipe) => new Stranger(pipe))
  return { asked, dial }
})

/** A download, and all that comes of it: the announced size, and the content as text. */
const fetch = Effect.scoped(Effect.gen(function*() {
  const { bytes, size } = yield* Download.initiate(yield* holderFrom(), song)
  const text = yield* Stream.runFold(Stream.decodeText(bytes), () => "", (whole, piece) => whole + piece)
  return { size, text }
}))

/** Begins a download. */
export const fetching = Effect.forkScoped(fetch)

/** A download from a holder in the hand of the test, which was asked for the file over `asked`. */
export const asking = Effect.gen(function*() {
  const { asked, dial } = yield* script()
  const file = yield* fetching
  const raw = yield* asked
  /** The connection back to the requester. */
  const back = dial(raw.pipe.remote)
  return { asked: raw, back, file }
})

/** A file to be sent, in pieces. */
export const offered = (...pieces: ReadonlyArray<string>): Download.Offered => ({
  size: pieces.join("").length,
  bytes: Stream.fromIterable(pieces.map(bytes))
})

/** A holder of this package that is asked once, and what comes of it: the bytes that were sent. */
export const holding = Effect.fnUntraced(function*(
  file: Download.Offered | undefined,
  astray?: string
): Effect.fn.Return<
  Fiber.Fiber<number, RequestReader.RequestError | Effect.Error<ReturnType<typeof Download.respond>>>,
  never,
  MemoryNetwork.MemoryNetwork | Scope.Scope
> {
  const transport = (yield* MemoryNetwork.MemoryNetwork).transport(holderIp)
  const { accepted } = yield* Effect.orDie(transport.listen(inet(holderAt)))
  const offer = Result.fromNullishOr(file, () => new PyrateError.NoSuchFile({ name: song }))
  // What is dialed back elsewhere never arrives, as from behind a router.
  const connect: typeof transport.connect = (to, options) =>
    transport.connect(astray === undefined ? to : inet(astray), options)
  return yield* Effect.forkScoped(Effect.scoped(Effect.gen(function*() {
    const link = yield* ByteLink.make(yield* Queue.take(accepted))
    yield* RequestReader.read(link.reader, config, () => false)
    return yield* Download.respond({ transport: { ...transport, connect }, link, config }, offer)
  })))
})

/** What an effect that was begun has come to: its value, its error's tag, or that it still runs. */
export const outcome = <A, E extends { readonly _tag: string }>(fiber: Fiber.Fiber<A, E>) =>
  Effect.gen(function*() {
    yield* settle
    if (fiber.pollUnsafe() === undefined) return "Running"
    return yield* Effect.catch(Fiber.join(fiber), (error) => Effect.succeed(error._tag))
  })

/** Checks what an effect has come to just before a time, when it still runs, and at that time. */
export const outcomeAfter = Effect.fnUntraced(function*<A, E extends { readonly _tag: string }>(
  fiber: Fiber.Fiber<A, E>,
  millis: number
) {
  yield* elapse(millis - 1)
  const early = yield* outcome(fiber)
  if (early !== "Running") return `early: ${JSON.stringify(early)}`
  yield* elapse(1)
  return yield* outcome(fiber)
})
