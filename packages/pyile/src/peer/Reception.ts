/**
 * The door through which joiners' dist connections come to a host.
 *
 * Dist connections carry no identity, so an address is invited once at a time and the next joiner from there waits.
 */
import type { Pipe } from "@peerage/transport"
import type { Link, LinkError } from "@peerage/wire"
import { Deferred, type Duration, Effect, type Scope, Semaphore } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Address } from "../codec/Message.ts"
import * as Distribution from "../exchange/Distribution.ts"
import { NoDistConnection } from "../PyileError.ts"

/** Who receives dist connections. */
export interface Reception {
  /** Waits for the turn of this joiner's address, sends it the dist address and waits for its connection. */
  readonly invite: (
    link: Link.Link,
    address: Address
  ) => Effect.Effect<Pipe.Pipe, NoDistConnection | LinkError.ReceiveError | LinkError.SendError, Scope.Scope>
  /** Takes an accepted dist connection; one that nobody waits for is closed. */
  readonly accept: (pipe: Pipe.Pipe) => void
}

interface Invitation {
  readonly connected: Deferred.Deferred<Pipe.Pipe>
  pipe: Pipe.Pipe | undefined
}

/** `within`: how long an invited joiner has to connect. */
export const make = (within: Duration.Input): Reception => {
  const invited = new Map<string, Invitation>()
  const turns = new Map<string, { readonly turn: Semaphore.Semaphore; users: number }>()

  const inTurn = <A, E, R>(host: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      const entry = turns.get(host) ?? { turn: Semaphore.makeUnsafe(1), users: 0 }
      turns.set(host, entry)
      entry.users++
      return Effect.ensuring(
        entry.turn.withPermit(effect),
        Effect.sync(() => {
          if (--entry.users === 0) turns.delete(host)
        })
      )
    })

  const invite = Effect.fnUntraced(function*(host: string, link: Link.Link, address: Address) {
    const invitation: Invitation = { connected: yield* Deferred.make<Pipe.Pipe>(), pipe: undefined }
    // Before anybody can connect, so that a connection has an owner from its first moment.
    yield* Effect.addFinalizer(() => Effect.sync(() => invitation.pipe?.close()))
    invited.set(host, invitation)
    // Nothing is due on the link now, so the only thing it can tell is that the joiner has gone.
    const gone = Effect.andThen(link.receiveFrame(), Effect.never)
    return yield* Distribution.respond(link, address).pipe(
      Effect.andThen(Effect.raceFirst(Deferred.await(invitation.connected), gone)),
      Effect.timeoutOrElse({ duration: within, orElse: () => Effect.fail(new NoDistConnection()) })
    )
  })

  return {
    invite: (link, address) => {
      const host = NetAddress.formatHost(link.remote)
      return inTurn(host, Effect.ensuring(invite(host, link, address), Effect.sync(() => invited.delete(host))))
    },
    accept: (pipe) => {
      const host = NetAddress.formatHost(pipe.remote)
      const invitation = invited.get(host)
      if (invitation === undefined || invitation.pipe !== undefined) return pipe.close()
      invitation.pipe = pipe
      Deferred.doneUnsafe(invitation.connected, Effect.succeed(pipe))
    }
  }
}
