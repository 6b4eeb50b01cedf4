/** The stage of a replay: who plays, and the doors at which those wait who are dialed by ours. */
import type { Pipe, Transport } from "@peerage/transport"
import { Clock, Effect, Queue, type Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Actor from "./Actor.ts"
import { type Recorded, refused, type Session, type Side } from "./Recording.ts"

/** A recorded connection while it is replayed. */
export interface Scene {
  readonly connection: Recorded
  /** The side that is ours. */
  readonly side: Side
  /** The end of somebody else, once it is connected. */
  pipe: Pipe.Pipe | undefined
}

/** A session while it is replayed. */
export interface Play {
  readonly session: Session
  readonly role: string
  readonly transport: Transport.Transport["Service"]
  readonly scenes: ReadonlyArray<Scene>
  /** The life of ours. */
  readonly life: Scope.Closeable
  readonly began: number
  actor: Actor.Actor | undefined
  /** Connections of ours that nothing in the recording speaks of, by whom they went to. */
  readonly beyond: Array<string>
}

/** Whether ours was seen to dial an address from which somebody had dialed it. */
export const isDialedBack = ({ scenes }: Play, address: string): boolean =>
  scenes.some(({ connection, side }) =>
    side === "opener" && connection.acceptor === address && !refused(connection) &&
    connection.roles.acceptor !== connection.roles.opener
  ) && scenes.some(({ connection, side }) => side === "acceptor" && connection.opener === address)

// In milliseconds: ours takes no time to think.
const early = 200

/** Takes whoever comes to an address as the next one who was recorded to begin in the same way there. */
export const attend = Effect.fnUntraced(function*(play: Play, address: string) {
  const { began, beyond, role, scenes, session, transport } = play
  const listener = yield* transport.listen(NetAddress.inetAddressFromStringUnsafe(address))
  const clock = yield* Clock.Clock
  const take = Effect.map(Queue.take(listener.accepted), (pipe) => {
    let first: string | undefined
    const readable = () => {
      const text = Buffer.concat(pipe.take() ?? []).toString("latin1")
      if (first !== undefined || (text === "" && pipe.ended() === undefined)) return
      first = text
      const next = scenes.find(({ connection, pipe, side }) =>
        side === "opener" && pipe === undefined && connection.acceptor === address && !refused(connection)
        && connection.openedAt <= clock.currentTimeMillisUnsafe() - began + early
        && kindOf(connection, text) === text.slice(0, 2)
      )
      if (next !== undefined) {
        next.pipe = pipe
        return isForBootstrap(next) ? answer(session, role, next.connection, pipe) : undefined
      }
      beyond.push(`${address} ${JSON.stringify(text)}`)
      const alike = scenes.find((scene) => isForBootstrap(scene) && kindOf(scene.connection, "") === text.slice(0, 2))
      return alike === undefined ? pipe.close() : answer(session, role, alike.connection, pipe)
    }
    pipe.observe({ readable, drained: () => {}, closed: () => {} })
  })
  yield* Effect.forkScoped(Effect.forever(take), { startImmediately: true })
})

/** Whether ours asks a bootstrap something over a connection. */
export const isForBootstrap = ({ connection, side }: Scene): boolean =>
  side === "opener" && /^[0-3]:/.test(Actor.said(connection))

/** What a bootstrap was recorded to say, said at once. Where it listed the original, which gave a wrong port, ours is. */
const answer = (session: Session, role: string, { acceptor, happenings, opener }: Recorded, pipe: Pipe.Pipe): void => {
  const [host, port] = [opener.slice(0, opener.indexOf(":")), acceptor.slice(acceptor.indexOf(":") + 1)]
  for (const { by, what } of happenings) {
    if (by !== "acceptor" || what._tag !== "Data") continue
    const text = Buffer.from(what.bytes).toString("latin1")
    pipe.write([Buffer.from(text.replace(`${host},${port}\n`, `${Actor.placeIn(session, role).replace(":", ",")}\n`))])
  }
  pipe.close()
}

/** The kind of message that a connection began with; that of anything else where it brought a file. */
const kindOf = (connection: Recorded, text: string): string => {
  const kind = Actor.said(connection).slice(0, 2)
  return /^[0-7]:/.test(kind) ? kind : text.slice(0, 2)
}
