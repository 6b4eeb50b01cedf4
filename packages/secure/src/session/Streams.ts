/** The streams of one session: which there are, which there were, and what frames do to them. */
import type { Accept } from "@peerage/transport/Options"
import type { PeerKey } from "@peerage/transport/PeerKey"
import type { Pipe } from "@peerage/transport/Pipe"
import * as NetAddress from "effect/net/NetAddress"
import type { SocketError } from "effect/socket/Socket"
import * as Frame from "./Frame.ts"
import { Lingering } from "./Lingering.ts"
import type { Outlet } from "./Outlet.ts"
import { Ports } from "./Ports.ts"
import type { Shared } from "./Shared.ts"
import { Stream } from "./Stream.ts"
import type { StreamHost } from "./StreamHost.ts"
import type { StreamIds } from "./StreamIds.ts"
import { WindowBudget } from "./Window.ts"

const { types } = Frame

/** What streams need of their session. */
export interface StreamsOptions {
  readonly key: PeerKey
  readonly carrier: Pipe
  readonly outlet: Outlet
  readonly ids: StreamIds
  /** Takes the streams that the other end opens; `undefined` where this end opens them. */
  readonly accept: Accept | undefined
  /** The last stream is over. */
  readonly emptied: () => void
}

/** The streams of one session. */
export class Streams implements StreamHost {
  readonly key: PeerKey
  readonly outlet: Outlet
  readonly windows: WindowBudget
  readonly sendBuffer: number
  readonly now: () => number
  readonly atTurnsEnd: (run: () => void) => void
  readonly stalledFor: () => number
  readonly #shared: Shared
  readonly #options: StreamsOptions
  readonly #open = new Map<number, Stream>()
  readonly #ports = new Ports()
  readonly #lingering: Lingering

  constructor(shared: Shared, options: StreamsOptions) {
    this.key = options.key
    this.outlet = options.outlet
    this.windows = new WindowBudget(shared.numbers)
    this.sendBuffer = shared.numbers.sendBuffer
    this.now = shared.now
    this.atTurnsEnd = shared.sending.atTurnsEnd
    this.stalledFor = () => options.carrier.stalledFor()
    this.#shared = shared
    this.#options = options
    this.#lingering = new Lingering(shared)
  }

  get size(): number {
    return this.#open.size
  }

  /** True when there can be another. */
  get roomy(): boolean {
    return this.#options.ids.left && this.#open.size < this.#shared.numbers.maxStreams
  }

  /** Opens a stream, where this end does. */
  open(): Stream {
    const id = this.#options.ids.next()
    const { local, remote } = this.#options.carrier
    const port = this.#ports.take(local.port)
    const own = port === local.port ? local : NetAddress.inetAddressUnsafe(local.address, port)
    const stream = new Stream(this, { id, local: own, remote })
    this.#open.set(id, stream)
    this.outlet.control(types.open, id, port)
    return stream
  }

  /** The other end opens a stream. `welcome` is false when it is refused. False when it must not open it. */
  accept(id: number, port: number, welcome: boolean): boolean {
    const { accept, carrier: { local, remote }, ids } = this.#options
    if (accept === undefined || !ids.take(id)) return false
    if (!welcome || this.#open.size >= this.#shared.numbers.maxStreams) this.outlet.control(types.reset, id)
    else {
      const from = port === remote.port ? remote : NetAddress.inetAddressUnsafe(remote.address, port)
      const stream = new Stream(this, { id, local, remote: from })
      this.#open.set(id, stream)
      stream.onFreed = accept(stream)
    }
    return true
  }

  /** Data of a stream arrived. False when it breaks the protocol. */
  data(id: number, bytes: Uint8Array): boolean {
    const stream = this.#open.get(id)
    if (stream !== undefined) return stream.received(bytes)
    if (!this.#options.ids.isKnown(id)) return false
    this.outlet.control(types.stop, id)
    return true
  }

  /** A frame about a stream arrived. False when it breaks the protocol. */
  control(type: Frame.Control, id: number, value: number): boolean {
    const stream = this.#open.get(id)
    if (stream === undefined) return this.#options.ids.isKnown(id)
    if (type === types.fin) return stream.finished()
    if (type === types.window) return stream.credited(value)
    if (type === types.reset) stream.wasReset()
    else stream.stopped()
    return true
  }

  /** The other end has gone, having said FIN of every stream. False when there is one of which it has not. */
  abandoned(): boolean {
    const streams = [...this.#open.values()]
    if (streams.some((stream) => !stream.isFinished)) return false
    for (const stream of streams) stream.stopped()
    return true
  }

  /** Ends all of them. */
  fail({ reading, writing }: { readonly reading: SocketError; readonly writing: SocketError }): void {
    for (const stream of [...this.#open.values()]) stream.fail(reading, writing)
  }

  linger(stream: Stream): void {
    this.#lingering.add(stream)
  }

  forget(stream: Stream): void {
    this.#open.delete(stream.id)
    this.#lingering.remove(stream)
    if (this.#options.accept === undefined) this.#ports.give(stream.local.port)
    if (this.#open.size === 0) this.#options.emptied()
  }
}
