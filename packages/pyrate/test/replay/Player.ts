/**
 * Plays a recorded session with one role given to ours. Everybody else follows the recording: dials from the recorded
 * addresses, says what was said at the recorded times, ends connections as they were ended. The originals were recorded
 * on one machine's loopback addresses, so that is where this happens too.
 */
import { MemoryNetwork, MemoryTransport, type Pipe, Transport } from "@peerage/transport"
import { Clock, Effect, Exit, type FileSystem, type Path, Scope } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { elapse, settle } from "../peer/Network.ts"
import * as Actor from "./Actor.ts"
import { type Recorded, refused, type Session, sideOf } from "./Recording.ts"
import { attend, isDialedBack, isForBootstrap, type Play, type Scene } from "./Stage.ts"
import * as Transcript from "./Transcript.ts"

const inet = NetAddress.inetAddressFromStringUnsafe
const format = NetAddress.formatInet

/** Lets everything happen that needs no time; work with real files needs some that no clock shows. */
const rest = Effect.fnUntraced(function*({ actor }: Play) {
  yield* settle
  for (let round = 0; round < 300 && actor !== undefined && (yield* actor.busy); round++) yield* settle
})

// In milliseconds: less than the steps of ours, the shortest of which is the silence that ends a message.
const moment = 100

/** Lets time pass in moments, each with the files that it needs: a clock that ran ahead of them would make ours late. */
const pass = Effect.fnUntraced(function*(play: Play, millis: number) {
  for (let left = millis; left > 0; left -= moment) {
    yield* elapse(Math.min(left, moment))
    yield* rest(play)
  }
})

// More than enough for a file on a machine that is busy otherwise.
const conclusions = 100

/**
 * What comes to its end by itself does so now, and what waits for somebody gives up: again and again, as what real files
 * held up begins to wait only then.
 */
const conclude = Effect.fnUntraced(function*(play: Play) {
  for (let round = 0; round < conclusions; round++) {
    yield* elapse("11 seconds")
    yield* rest(play)
    if (play.actor === undefined || !(yield* play.actor.busy)) return
  }
})

/** Says and ends what was recorded of somebody else, who lets go where ours has ended what the original had. */
const follow = Effect.fnUntraced(function*(play: Play, scene: Scene, index: number) {
  const { connection, pipe, side } = scene
  const happening = connection.happenings[index]
  if (pipe !== undefined && happening !== undefined && happening.by !== side && !isForBootstrap(scene)) {
    const { what } = happening
    if (what._tag === "Data") pipe.write([what.bytes])
    else if (what._tag === "FIN") pipe.close()
    else pipe.reset()
  }
  yield* rest(play)
})

const adopt = (scene: Scene, pipe: Pipe.Pipe) => {
  scene.pipe = pipe
  pipe.observe({ readable: () => void pipe.take(), drained: () => {}, closed: () => {} })
}

/** Where ours dialed from when the original dialed from there. */
const actual = ({ scenes }: Play, address: string): string => {
  const scene = scenes.find(({ connection, side }) => side === "opener" && connection.opener === address)
  return scene?.pipe === undefined ? address : format(scene.pipe.remote)
}

/** Somebody dials ours. */
const dial = Effect.fnUntraced(function*(play: Play, scene: Scene) {
  const client = inet(scene.connection.opener)
  const from = { host: client.address, port: client.port }
  const to = inet(actual(play, scene.connection.acceptor))
  const pipe = yield* Effect.option(play.transport.connect(to, { from }))
  if (pipe._tag === "Some") adopt(scene, pipe.value)
  // A port that is listened on cannot be dialed from.
  if (isDialedBack(play, scene.connection.opener)) yield* attend(play, scene.connection.opener)
  yield* rest(play)
})

/**
 * Ours does what somebody had the original do. It comes and goes with a directory that is a real one, which takes some
 * time that no clock shows.
 */
const act = Effect.fnUntraced(function*(play: Play, scene: Scene) {
  const { connection } = scene
  const text = Actor.said(connection)
  if (text.startsWith("2:")) {
    play.actor = undefined
    const leaving = yield* Effect.forkScoped(Scope.close(play.life, Exit.void))
    while (leaving.pollUnsafe() === undefined) yield* settle
  } else if (text.startsWith("0:")) {
    yield* enter(play)
    while (play.actor === undefined) yield* settle
  } // One search goes to everybody at once.
  else if (play.actor !== undefined && !again(play, connection)) {
    yield* Effect.forkIn(Effect.ignore(play.actor.act(text, connection)), play.life)
  }
  yield* rest(play)
})

const again = ({ scenes }: Play, connection: Recorded): boolean => {
  const text = Actor.said(connection)
  // The first peer list comes by itself, right behind the registration.
  if (text.startsWith("1:")) {
    return scenes.find(({ connection }) => Actor.said(connection) === text)?.connection === connection
  }
  return text.startsWith("6:") &&
    scenes.find(({ connection }) => Actor.said(connection) === text)?.connection !== connection
}

const enter = Effect.fnUntraced(function*(play: Play) {
  const { role, session } = play
  const making: Effect.Effect<
    Actor.Actor,
    unknown,
    Transport.Transport | Scope.Scope | FileSystem.FileSystem | Path.Path
  > = role === "bootstrap"
    ? Actor.bootstrap(session.connections.find(({ roles }) => roles.acceptor === role)?.acceptor ?? "")
    : Actor.client(session, role)
  const entering = making.pipe(
    Scope.provide(play.life),
    Effect.provideService(Transport.Transport, play.transport),
    Effect.tap((actor) => Effect.sync(() => void (play.actor = actor)))
  )
  yield* Effect.forkScoped(Effect.orDie(entering))
})

/** Time that passed at the original's clock and not at the recorder's, in seconds, before a connection. */
const shifts: { readonly [session: string]: { readonly [connection: number]: number } } = {
  "bootstrap-expiry": { 3: 599, 6: 3 },
  "bootstrap-expiry-many": { 6: 602 }
}

const script = (play: Play) => {
  const requests = new Set(play.scenes.map(({ connection }) => connection.opener))
  const steps = play.scenes.flatMap((scene) => {
    const { connection, side } = scene
    const back = requests.has(connection.acceptor)
    // Ours listens before it asks, so that nobody has to try again.
    const first = side === "acceptor"
      ? refused(connection) ? Effect.void : dial(play, scene)
      : back
      ? Effect.void
      : act(play, scene)
    const shift = shifts[play.session.name]?.[connection.number] ?? 0
    return [
      { at: connection.openedAt, act: Effect.andThen(shift === 0 ? Effect.void : elapse(shift * 1000), first) },
      ...connection.happenings.map(({ at }, index) => ({ at, act: Effect.suspend(() => follow(play, scene, index)) }))
    ]
  })
  return steps.sort((one, other) => one.at - other.at)
}

/** Who is dialed by ours waits for it from the beginning, unless it has to dial ours first. */
const prepare = Effect.fnUntraced(function*(play: Play) {
  const openings = play.scenes.filter(({ connection, side }) =>
    side === "opener" && !refused(connection) && connection.roles.acceptor !== play.role
    && !isDialedBack(play, connection.acceptor)
  )
  const addresses = new Set(openings.map(({ connection }) => connection.acceptor))
  yield* Effect.forEach(addresses, (address) => attend(play, address), { discard: true })
})

/** Replays a session. Succeeds with what ours did otherwise than the original, each in a line. */
export const replay = Effect.fnUntraced(function*(session: Session, role: string) {
  const network = yield* MemoryNetwork.MemoryNetwork
  const transport = yield* MemoryTransport.make("10.0.0.1")
  const life = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
  const scenes = session.connections.flatMap((connection): ReadonlyArray<Scene> => {
    const side = sideOf(role, connection)
    return side === undefined ? [] : [{ connection, side, pipe: undefined }]
  })
  const began = yield* Clock.currentTimeMillis
  const play: Play = { session, role, transport, scenes, life, began, actor: undefined, beyond: [] }
  yield* prepare(play)
  if (role === "bootstrap") yield* Effect.andThen(enter(play), settle)
  let passed = 0
  for (const { act, at } of script(play)) {
    const due = Math.round(at)
    if (due > passed) yield* pass(play, due - passed)
    passed = Math.max(passed, due)
    yield* act
  }
  yield* conclude(play)
  const trace = yield* network.trace
  const lines = scenes.flatMap(({ connection, pipe, side }) => {
    const ends = {
      own: pipe === undefined ? "" : format(pipe.remote),
      other: pipe === undefined ? "" : format(pipe.local)
    }
    const [was, is] = [Transcript.recorded(connection, side), Transcript.replayed(trace, ends)]
    return was === is ? [] : [`${connection.number}: ${was} -> ${is}`]
  })
  return [...lines, ...play.beyond.map((address) => `beyond: ${address}`)]
})
