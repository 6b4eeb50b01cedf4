/**
 * The door through which joiners' dist connections come to a host.
 *
 * Dist connections carry no identity, so an address is invited once at a time and the next joiner from there waits.
 */
import { type Pipe, Timeouts } from "@peerage/transport"
import type { LinkError, PipeLink } from "@peerage/wire"
import { Duration, Effect, Semaphore } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import type { Address } from "../codec/Message.ts"
import * as Distribution from "../exchange/Distribution.ts"
import { NoDistConnection } from "../PyileError.ts"

/** Who receives dist connections. */
export interface Reception {
  /**
   * Waits for the turn of this joiner's address, sends it the dist address and waits for its connection. The connection
   * is `owner`'s from its first moment, whatever becomes of this.
   */
  readonly invite: (
    link: PipeLink.PipeLink,
    address: Address,
    owner: (pipe: Pipe.Pipe) => void
  ) => Effect.Effect<Pipe.Pipe, NoDistConnection | LinkError.ReceiveError | LinkError.SendError>
  /** Takes an accepted dist connection; one that nobody waits for is closed. */
  readonly accept: (pipe: Pipe.Pipe) => void
}

/** One that is invited. */
interface Guest {
  readonly owner: (pipe: Pipe.Pipe) => void
  pipe: Pipe.Pipe | undefined
  /** Told when it has connected. */
  arrived: (pipe: Pipe.Pipe) => void
}

/** `within`: how long an invited joiner has to connect. */
export const make = (within: Duration.Input): Reception => {
  const patience = Duration.fromInputUnsafe(within)
  const invited = new Map<string, Guest>()
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

  /** Waits for one that has been told where to connect, unless it has. */
  const arrival = (guest: Guest, link: PipeLink.PipeLink) =>
    Timeouts.wait<Pipe.Pipe, NoDistConnection | LinkError.ReceiveError>(
      patience,
      (resume) => {
        if (guest.pipe !== undefined) return resume(Effect.succeed(guest.pipe))
        // Nothing is due on the link now, so the only thing it can tell is that the joiner has gone.
        const deaf = link.heard((ended) => {
          if (ended !== undefined) resume(Effect.fail(ended))
        })
        guest.arrived = (pipe) => {
          deaf()
          resume(Effect.succeed(pipe))
        }
        return deaf
      },
      () => Effect.fail(new NoDistConnection())
    )

  const invite = (host: string, link: PipeLink.PipeLink, address: Address, owner: Guest["owner"]) =>
    Effect.suspend(() => {
      const guest: Guest = { owner, pipe: undefined, arrived: () => {} }
      // Before it can connect, so that a connection has an owner from its first moment.
      invited.set(host, guest)
      return Effect.ensuring(
        Effect.andThen(Distribution.respond(link, address, patience), arrival(guest, link)),
        Effect.sync(() => invited.delete(host))
      )
    })

  return {
    invite: (link, address, owner) => {
      const host = NetAddress.formatHost(link.remote)
      return inTurn(host, invite(host, link, address, owner))
    },
    accept: (pipe) => {
      const guest = invited.get(NetAddress.formatHost(pipe.remote))
      if (guest === undefined || guest.pipe !== undefined) return pipe.close()
      guest.pipe = pipe
      guest.owner(pipe)
      guest.arrived(pipe)
    }
  }
}
