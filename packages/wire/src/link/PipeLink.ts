/** The one implementation of a link, over a transport's pipe. */
import { type PeerKey, type Pipe, Timeouts } from "@peerage/transport"
import { Bytes, Deferred, type Duration, Effect, Result } from "effect"
import { isReadonlyArrayNonEmpty } from "effect/Array"
import type * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import type { Format } from "../Format.ts"
import type { PeerUnresponsive, ReceiveError, SendError, TooMuchHeld } from "../LinkError.ts"
import { decoder, encode, type Message, nameOf } from "./Encoding.ts"
import { type Bounded, type Bounding, Holding } from "./Holding.ts"
import { Inbox } from "./Inbox.ts"
import { heldBytes, type Options } from "./Options.ts"
import { type Looker, Reading } from "./Reading.ts"
import { limit, limitOf, timeOf } from "./Waiting.ts"
import { Writing } from "./Writing.ts"

/** A class, so that an idle link is little more than its fields; it observes its pipe itself. */
export class PipeLink<State> implements Pipe.Observer, Looker, Bounded {
  private readonly pipe: Pipe.Pipe
  private readonly format: Format<State>
  private readonly inbox: Inbox<State>
  private readonly reading: Reading
  private readonly writing: Writing
  /** Makes what bounds the unfinished; `undefined` where nothing does, or the connection is over. */
  private bound: Bounding | undefined
  /** Made for the first frame that does not come whole: most links are idle, and have never held anything. */
  private holding: Holding | undefined

  constructor(
    pipe: Pipe.Pipe,
    { coalesce, format, limit = format.limit }: Options<State>,
    bound: Bounding | undefined
  ) {
    this.pipe = pipe
    this.format = format
    this.bound = bound
    this.inbox = new Inbox(format, limit)
    this.reading = new Reading(pipe, this.inbox, bound === undefined ? undefined : this)
    this.writing = new Writing(pipe, heldBytes(coalesce))
    pipe.observe(this)
  }

  get local(): NetAddress.InetAddress {
    return this.pipe.local
  }

  get remote(): NetAddress.InetAddress {
    return this.pipe.remote
  }

  get identity(): PeerKey.PeerKey | undefined {
    return this.pipe.identity
  }

  activeAt(): number {
    return this.pipe.activeAt()
  }

  get flush(): Effect.Effect<void, SocketError> {
    return this.writing.flush()
  }

  receive<A>(message: Message<A>, within?: Duration.Input) {
    const read = decoder(this.format, message)
    return this.reading.wait(() => this.inbox.takeOne(read), limit(within, () => nameOf(message)))
  }

  receiveLong<A>(message: Message<A>, silence: Duration.Input) {
    const read = decoder(this.format, message)
    return this.reading.waitLong(() => this.inbox.takeOne(read), limitOf(silence, () => nameOf(message)))
  }

  receiveAll<A>(message: Message<A>, within?: Duration.Input) {
    const read = decoder(this.format, message)
    return this.reading.wait(() => this.inbox.takeAll(read), limit(within, () => nameOf(message)))
  }

  receiveFrame(within?: Duration.Input) {
    return this.reading.wait(() => this.inbox.takeOne(Result.succeed), limit(within, () => "frame"))
  }

  rest(time: Duration.Input) {
    return this.reading.wait<void, ReceiveError>(() => this.inbox.dropAll(), {
      within: timeOf(time),
      late: () => Effect.void
    })
  }

  restUntil<A, E>(elsewhere: Deferred.Deferred<A, E | ReceiveError>, within: Duration.Input, late: () => NoInfer<E>) {
    return Effect.withFiber<A, E | ReceiveError>(({ context }) => {
      const end = (how: Effect.Effect<never, E | ReceiveError>) => Deferred.doneUnsafe(elsewhere, how)
      const leave = this.reading.watch(() => this.inbox.dropAll(), end)
      const cancel = Timeouts.start(timeOf(within), context, () => end(Effect.fail(late())))
      return Effect.ensuring(Deferred.await(elsewhere), Effect.sync(() => (leave(), cancel())))
    })
  }

  send<A>(message: Message<A>, value: NoInfer<A>, within?: Duration.Input) {
    return Effect.suspend((): Effect.Effect<void, SendError> => {
      const encoded = encode(this.format, message, value)
      return Result.isFailure(encoded) ? Effect.fail(encoded.failure) : this.writing.send([encoded.success], within)
    })
  }

  sendAll<A>(message: Message<A>, values: ReadonlyArray<NoInfer<A>>, within?: Duration.Input) {
    return Effect.suspend((): Effect.Effect<void, SendError> => {
      const frames: Array<Uint8Array> = []
      for (const value of values) {
        const encoded = encode(this.format, message, value)
        if (Result.isFailure(encoded)) return Effect.fail(encoded.failure)
        frames.push(encoded.success)
      }
      return isReadonlyArrayNonEmpty(frames) ? this.writing.send([Bytes.concat(frames)], within) : Effect.void
    })
  }

  sendEncoded(bytes: Uint8Array, within?: Duration.Input) {
    return this.writing.send([bytes], within)
  }

  looked(waits: boolean): void {
    const { held } = this.inbox
    if (held > 0) this.holding ??= this.bound?.(this)
    this.holding?.note(held, waits, this.reading.arrivals)
  }

  fail(error: PeerUnresponsive | TooMuchHeld): void {
    this.inbox.fail(error)
    this.pipe.reset()
  }

  readable(): void {
    this.reading.readable()
  }

  drained(): void {
    this.writing.drained()
  }

  closed(): void {
    this.release()
    this.reading.readable()
    this.writing.drained()
  }

  /** Sends what is held back, then FIN. */
  finish(): void {
    this.release()
    this.writing.finish()
    this.pipe.close()
  }

  private release(): void {
    this.holding?.leave()
    this.bound = undefined
  }
}
