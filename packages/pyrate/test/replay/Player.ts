/**
 * Replays Pyrate's sessions, where three things differ from other protocols: a recorded bootstrap answers our peer
 * whenever it asks; a file comes over a connection back; and a connection is recognised by the message that opens it.
 */
import { Harness, InstantFiles, Recording, Script, Verdict } from "@peerage/testing"
import { type Pipe, Simulation } from "@peerage/transport"
import { Clock, Effect, Exit, Queue, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { createHash } from "node:crypto"
import * as Adapter from "./Adapter.ts"
import { placeIn, saidOn } from "./Recording.ts"

type Play = Harness.Harness<Recording.Recorded, Recording.Role, Adapter.Ours> & {
  /** Connections of ours that nothing in the recording speaks of, and what was said on them. */
  readonly beyond: Array<string>
}
type Scene = Harness.Scene

// In milliseconds: ours takes no time to think.
const early = 200

/** Whether ours asks a bootstrap something over a connection. */
const isForBootstrap = ({ connection, side }: Scene): boolean => side === "opener" && /^[0-3]:/.test(saidOn(connection))

/** The kind of message that a connection began with; that of anything else where it brought a file. */
const kindOf = (connection: Recording.Recorded, text: string): string => {
  const kind = saidOn(connection).slice(0, 2)
  return /^[0-7]:/.test(kind) ? kind : text.slice(0, 2)
}

/** What a bootstrap was recorded to say, said at once. Where it listed the original, which gave a wrong port, ours is. */
const answer = (
  { role, session }: Play,
  { acceptor, happenings, opener }: Recording.Recorded,
  pipe: Pipe.Pipe
): void => {
  const [host, port] = [opener.slice(0, opener.indexOf(":")), acceptor.slice(acceptor.indexOf(":") + 1)]
  for (const { bytes } of Recording.segmentsOf(happenings, "acceptor")) {
    const own = placeIn(session, role).replace(":", ",")
    pipe.write([Buffer.from(Buffer.from(bytes).toString("latin1").replace(`${host},${port}\n`, `${own}\n`))])
  }
  pipe.close()
}

/** Listens at an address, and takes each connection for the next recorded one that began with the same kind of message. */
const attend = Effect.fnUntraced(function*(play: Play, address: string) {
  const listener = yield* (yield* Harness.machineOf(address)).listen(NetAddress.inetAddressFromStringUnsafe(address))
  const clock = yield* Clock.Clock
  const recognise = (pipe: Pipe.Pipe, text: string): void => {
    const now = clock.currentTimeMillisUnsafe() - play.began - play.delay
    const next = play.scenes.find(({ connection, pipe, side }) =>
      side === "opener" && pipe === undefined && connection.acceptor === address && !connection.refused
      && connection.openedAt <= now + early && kindOf(connection, text) === text.slice(0, 2)
    )
    if (next === undefined) play.beyond.push(`${address} ${JSON.stringify(text)}`)
    else Harness.adopt(next, pipe)
    if (next !== undefined && !isForBootstrap(next)) return
    const alike = next ??
      play.scenes.find((scene) => isForBootstrap(scene) && kindOf(scene.connection, "") === text.slice(0, 2))
    if (next !== undefined) next.over = true
    if (alike === undefined) pipe.close()
    else answer(play, alike.connection, pipe)
  }
  const take = Effect.map(Queue.take(listener.accepted), (pipe) => {
    let known = false
    const readable = () => {
      const text = Buffer.concat(pipe.take() ?? []).toString("latin1")
      if (known || (text === "" && pipe.ended() === undefined)) return
      known = true
      recognise(pipe, text)
    }
    pipe.observe({ readable, drained: () => {}, closed: () => {} })
  })
  yield* Effect.forkScoped(Effect.forever(take), { startImmediately: true })
}, Effect.orDie)

/** Whether our peer dials an address from which somebody dialed it. */
const isDialedBack = ({ scenes }: Play, address: string): boolean =>
  scenes.some(({ connection, side }) =>
    side === "opener" && connection.acceptor === address && !connection.refused
    && connection.roles.acceptor !== connection.roles.opener
  ) && scenes.some(({ connection, side }) => side === "acceptor" && connection.opener === address)

/** Where ours dialed from when the original dialed from there. */
const actual = ({ scenes }: Play, address: string): string => {
  const scene = scenes.find(({ connection, side }) => side === "opener" && connection.opener === address)
  return scene?.pipe === undefined ? address : NetAddress.formatInet(scene.pipe.remote)
}

/** Time that passed at the original's clock and not at the recorder's, in seconds, before a connection. */
const shifts: { readonly [session: string]: { readonly [connection: number]: number } } = {
  "bootstrap-expiry": { 3: 599, 6: 3 },
  "bootstrap-expiry-many": { 6: 602 }
}

const shift = Effect.fnUntraced(function*(play: Play, { number }: Recording.Recorded) {
  const millis = 1000 * (shifts[play.session.name]?.[number] ?? 0)
  play.delay += millis
  if (millis > 0) yield* Simulation.elapse(millis)
})

/** Somebody dials ours, which listens before it asks, so that nobody has to try again. */
const dial = (play: Play) =>
  Effect.fnUntraced(function*(scene: Scene) {
    yield* shift(play, scene.connection)
    if (scene.connection.refused) return
    yield* Harness.dial(scene, actual(play, scene.connection.acceptor))
    // A port that is listened on cannot be dialed from.
    if (isDialedBack(play, scene.connection.opener)) yield* attend(play, scene.connection.opener)
  })

/** Whether our peer opens a connection by itself: back to who asked, its first list request, a search beyond the first. */
const isDone = ({ scenes }: Play, connection: Recording.Recorded): boolean => {
  const text = saidOn(connection)
  const first = scenes.find(({ connection }) => saidOn(connection) === text)?.connection
  return scenes.some(({ connection: { opener } }) => opener === connection.acceptor)
    || (text.startsWith("1:") && first === connection) || (text.startsWith("6:") && first !== connection)
}

/** Ours does what somebody had the original do. */
const open = (play: Play) =>
  Effect.fnUntraced(function*(scene: Scene) {
    const { connection } = scene
    yield* shift(play, connection)
    if (isDone(play, connection)) return
    if (saidOn(connection).startsWith("2:")) yield* Effect.forkScoped(Scope.close(play.life, Exit.void))
    else if (saidOn(connection).startsWith("0:")) yield* enter(play)
    else yield* Harness.act(play, (ours) => ours(connection))
  })

const enter = (play: Play) =>
  Harness.start(play, placeIn(play.session, play.role), Adapter.make(play.session, play.role))

/** Longer texts are told by their length and the beginning of their SHA-256. */
const longest = 200

const quote = (bytes: Uint8Array): string => {
  if (bytes.length === 0) return ""
  return bytes.length <= longest
    ? JSON.stringify(Buffer.from(bytes).toString("latin1"))
    : `${bytes.length} bytes ${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}`
}

/** What one end said and how it ended. Segments do not matter: nothing in the protocol tells where one ends. */
const inWords = (happenings: ReadonlyArray<Recording.Happening>, side: Recording.Side): string => {
  const bytes = Buffer.concat(Recording.segmentsOf(happenings, side).map(({ bytes }) => bytes))
  const ends = happenings.flatMap(({ by, what }) => by === side && (what === "FIN" || what === "RST") ? [what] : [])
  return [quote(bytes), ...ends].filter((word) => word !== "").join(" ")
}

/** Names by chance are all alike here. */
const nameless = (line: string): string => line.replace(/-> "6:[a-z0-9]+(?:-[a-z0-9]+){3}:/, "-> \"6:ID:")

/** Replays a session with ours in a role. */
export const replay = Effect.fnUntraced(function*(session: Recording.Session, role: Recording.Role) {
  const play: Play = { ...yield* Harness.make<Adapter.Ours>()(session, role), beyond: [] }
  const openings = play.scenes.filter(({ connection, side }) =>
    side === "opener" && !connection.refused && connection.roles.acceptor !== role.name
    && !isDialedBack(play, connection.acceptor)
  )
  // Whoever is dialed by ours waits for it from the beginning, unless it has to dial ours first.
  const addresses = new Set(openings.map(({ connection }) => connection.acceptor))
  yield* Effect.forEach(addresses, (address) => attend(play, address), { discard: true })
  if (role.name === "bootstrap") yield* enter(play)
  // What waits for somebody gives up by then.
  const trace = yield* Script.run(
    play,
    Script.make(play, { open: open(play), dialing: dial(play), answering: false }),
    "11 seconds"
  )
  const { connections } = Verdict.replayed(play, trace)
  const lines = connections.flatMap(({ connection: { number }, is, side, was }) => {
    const [before, now] = [inWords(was, side), inWords(is, side)]
    return before === now ? [] : [`${number}: ${before} -> ${now}`]
  })
  return {
    differences: [...lines.map(nameless), ...play.beyond.map((what) => `beyond: ${what}`)].map((line) => ({
      line,
      at: 0
    })),
    // Connections beyond the recording are differences. Our peer dials again and again where nobody listens.
    faults: []
  }
}, Effect.provide(InstantFiles.layer))
