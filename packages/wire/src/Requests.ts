/**
 * The server's half of `Transport.request`: connections that carry one message and its answer, as a queue of requests.
 *
 * Such a connection gets no fiber: its bytes are gathered in the socket's callbacks, and one fiber can answer a whole
 * batch of requests. A connection that ends before its message is whole is not reported, and what comes behind the
 * message is dropped.
 */
import { type Listener, OptionValue, type Pipe, Timeouts } from "@peerage/transport"
import { type Context, Duration, Effect, Queue, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Budget, Share } from "./Budget.ts"
import type { Format } from "./Format.ts"
import type { FrameError } from "./FrameError.ts"
import { decodeNext, type Framing } from "./Framing.ts"

/** Where a connection comes from, and on a transport with keys the key of the peer. */
export type Origin = Pick<Pipe.Pipe, "remote" | "identity">

/** A message that has arrived whole. Its connection waits for `reply` or `refuse`. */
export interface Request extends Origin {
  readonly _tag: "Request"
  /** The bytes of the message. `Link.decode` reads them. */
  readonly frame: Uint8Array
  /** Sends the answer and closes the connection. Does nothing where the peer is already gone. */
  readonly reply: (answer: Uint8Array) => Effect.Effect<void>
  /** Closes the connection without an answer. */
  readonly refuse: Effect.Effect<void>
}

/** A connection that was closed as its bytes are no message. */
export interface Garbled extends Origin {
  readonly _tag: "Garbled"
  readonly error: FrameError
}

/** A connection that was closed unread, as `admits` refused it. */
export interface NotAdmitted extends Origin {
  readonly _tag: "NotAdmitted"
}

/** A request, or a connection that carried none. */
export type Arrival = Request | Garbled | NotAdmitted

/** How requests are read. */
export interface Options<State> {
  readonly format: Format<State>
  /** Bytes of one message at most. Default: the format's. */
  readonly limit?: number | undefined
  /** A connection that is still open after this long is reset. */
  readonly within: Duration.Input
  /** False for connections that are closed unread. Default: all are read. Later connections wait for it. */
  readonly admits?: ((remote: Origin["remote"], identity: Origin["identity"]) => Effect.Effect<boolean>) | undefined
  /**
   * Arrivals held until they are taken. A request for which there is no room is refused. Default 10,000; a larger value
   * costs that many messages of memory.
   */
  readonly capacity?: number | undefined
  /**
   * The memory for messages that are not whole, or wait, and for answers that are not read. A connection that holds too
   * much is reset. Default: no bound beside those of each connection.
   */
  readonly budget?: Budget | undefined
}

const defaultCapacity = 10_000

/** What the connections of one listener share. */
interface Shared<State> {
  readonly framing: Framing<State>
  readonly limit: number
  readonly within: Duration.Duration
  readonly services: Context.Context<never>
  /** False where there is no room. */
  readonly arrived: (arrival: Arrival) => boolean
  readonly freed: (pipe: Pipe.Pipe) => void
  readonly budget: Budget | undefined
}

const originOf = ({ identity, remote }: Pipe.Pipe): Origin => ({ remote, identity })

const requestOf = (pipe: Pipe.Pipe, frame: Uint8Array, share: Share | undefined): Request => ({
  _tag: "Request",
  ...originOf(pipe),
  frame,
  reply: (answer) =>
    Effect.sync(() => {
      share?.hold(answer.length)
      pipe.write([answer])
      pipe.closeAtOnce()
    }),
  refuse: Effect.sync(() => pipe.close())
})

/** Reads one message, however it was cut. */
const receive = <State>(
  pipe: Pipe.Pipe,
  { arrived, budget, framing, freed, limit, services, within }: Shared<State>
): void => {
  const share = budget?.enter(NetAddress.formatHost(pipe.remote), () => Effect.sync(() => pipe.reset()))
  let state = framing.initial
  let over = false

  /** True when the connection has carried its message, or bytes that are none. */
  const ends = (chunk: Uint8Array): boolean => {
    const decoded = decodeNext(framing, state, chunk, { limit })
    const [frame] = decoded.frames
    state = decoded.state
    over = frame !== undefined || decoded.error !== undefined
    share?.hold(frame?.length ?? framing.pending(state))
    if (frame !== undefined) {
      if (!arrived(requestOf(pipe, frame, share))) pipe.close()
    } else if (decoded.error !== undefined) {
      pipe.close()
      arrived({ _tag: "Garbled", ...originOf(pipe), error: decoded.error })
    }
    return over
  }

  const readable = () => {
    const chunks = pipe.take() ?? []
    if (over || chunks.some(ends)) return
    if (pipe.ended() !== undefined) pipe.close()
  }
  const cancel = Timeouts.start(within, services, () => pipe.reset())
  const closed = () => {
    cancel()
    share?.leave()
    freed(pipe)
  }
  pipe.observe({ readable, drained: () => {}, closed })
}

const checkOptions = OptionValue.checkAll("Requests.serve", {
  limit: OptionValue.count,
  within: OptionValue.time,
  capacity: OptionValue.count
})

/**
 * Reads requests for the scope's life. Leaving the scope closes the connections that are still open, and shuts the queue
 * down.
 */
export const serve = Effect.fnUntraced(function*<State>(
  listener: Listener.Listener,
  options: Options<State>
): Effect.fn.Return<Queue.Dequeue<Arrival>, never, Scope.Scope> {
  checkOptions(options)
  const { admits, budget, capacity = defaultCapacity, format, limit = format.limit, within } = options
  const arrivals = yield* Queue.dropping<Arrival>(capacity)
  const open = new Set<Pipe.Pipe>()
  const shared: Shared<State> = {
    framing: format.framing,
    limit,
    within: Duration.fromInputUnsafe(within),
    services: yield* Effect.context<never>(),
    arrived: (arrival) => Queue.offerUnsafe(arrivals, arrival),
    freed: (pipe) => void open.delete(pipe),
    budget
  }
  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => {
      for (const pipe of [...open]) pipe.close()
      return Queue.shutdown(arrivals)
    })
  )
  const accept = Effect.gen(function*() {
    while (true) {
      const pipes = yield* Queue.takeAll(listener.accepted)
      // All at once: the scope may end while one of them is not yet admitted.
      for (const pipe of pipes) open.add(pipe)
      for (const pipe of pipes) {
        if (admits === undefined || (yield* admits(pipe.remote, pipe.identity))) receive(pipe, shared)
        else {
          pipe.close()
          open.delete(pipe)
          shared.arrived({ _tag: "NotAdmitted", ...originOf(pipe) })
        }
      }
    }
  })
  yield* Effect.forkScoped(accept)
  return arrivals
})
