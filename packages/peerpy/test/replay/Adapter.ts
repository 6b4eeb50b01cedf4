/** Our own peer in the role of a recorded original: at the same address, with the same to say and to decide. */
import { type Connection, Payload, Peer, type PeerPyEvent } from "@peerage/peerpy"
import { Harness, Recording, Script, Transcript, Verdict } from "@peerage/testing"
import { Clock, Duration, Effect, Fiber, Result, Stream, SubscriptionRef } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Cues from "./Cues.ts"
import { tokens, torn } from "./Messages.ts"
import type { Recorded, Role, Session } from "./Recording.ts"

/** How the originals of a session were set up, where that is not the usual. */
const settings: { readonly [session: string]: Partial<Peer.PeerOptions> } = {
  deny: { offer: () => Effect.succeed(false) },
  deny_none: { offer: () => Effect.succeed(false) }
}
const numbers: { readonly [session: string]: NonNullable<Peer.PeerOptions["config"]> } = {
  ping_probe: { timeout: Duration.seconds(2) },
  max_connections: { maxConnections: 1 }
}

/** An event of our peer in the words of the recording; `undefined` where the recording has no such words. */
const tell = (event: PeerPyEvent.PeerPyEvent): string | undefined => {
  switch (event._tag) {
    case "Offer":
      return `OFFER ${event.peer}`
    case "Connected":
      return `CONNECTED ${event.peer}`
    case "Data":
      return `GOT ${event.peer}: ${Cues.describeValue(event.data)}`
    case "Closed":
      return `CLOSED ${event.peer}`
    default:
      return undefined
  }
}

/** The peer that plays a role, and the fiber that notes its events. */
interface Ours {
  readonly peer: Peer.PeerService
  readonly audience: Fiber.Fiber<void>
}

type Harness = Harness.Harness<Recorded, Role, Ours>
type Scene = Harness.Scene<Recorded>

const enter = ({ began, role: { address: listen }, session: { name }, told }: Harness) =>
  Effect.gen(function*() {
    const config = { timeout: Duration.seconds(1), ...numbers[name] }
    const peer = yield* Peer.make({ listen, invisible: true, ...settings[name], config })
    const listening = Stream.runForEach(peer.events, (event) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const text = tell(event)
        if (text !== undefined) told.push(Transcript.bare(now - began, text))
      }))
    const ours: Ours = { peer, audience: yield* Effect.forkScoped(listening, { startImmediately: true }) }
    return ours
  })

/** The value of a line. */
export const valueOf = ({ payload, type }: Cues.Line): Payload.Value =>
  payload === undefined || type === undefined
    ? payload ?? null
    : Result.getOrThrow(Payload.decode(type, payload)).value

/** Our peer does something with the connection of a scene, if it is there. */
const act = (
  harness: Harness,
  scene: Scene,
  todo: (one: Connection.AnyConnection) => Effect.Effect<unknown, unknown>
) =>
  Harness.act(harness, ({ peer }) =>
    Effect.flatMap(SubscriptionRef.get(peer.connections), (all) => {
      const other = scene.connection[Recording.otherSide(scene.side)]
      const found = all.find(({ remote }) => NetAddress.formatInet(remote) === other)
      return found === undefined ? Effect.void : todo(found)
    }))

/** Our peer asks for a connection, if it was asked for. */
const ask = (harness: Harness) => ({ connection }: Scene) => {
  const wish = Cues.wishOf(connection)
  return wish === undefined ? Effect.void : Harness.act(harness, ({ peer }) => peer.connect(connection.acceptor, wish))
}

/** The end of a program tells its application nothing. */
const end = (harness: Harness) => ({ at, of }: Cues.Ending) => {
  const scene = harness.scenes.find(({ connection }) => connection.number === of)
  if (scene !== undefined) return [{ at, act: act(harness, scene, ({ close }) => close) }]
  const silence = Effect.suspend(() =>
    of === "program" && harness.ours !== undefined
      ? Effect.flatMap(Effect.orDie(Fiber.join(harness.ours)), ({ audience }) => Fiber.interrupt(audience))
      : Effect.void
  )
  return Harness.leaveAt(harness, at).map((step) => ({ at, act: Effect.andThen(silence, step.act) }))
}

// Ours takes no time to think. An original's application hears of a payload some 40 ms after its header was sent.
const tolerance = { late: 50, early: 100 }
const compare = (was: ReadonlyArray<Transcript.Token>, is: ReadonlyArray<Transcript.Token>) =>
  Transcript.compare(was, is, () => tolerance)

/** Replays a session with our peer in a role. */
export const replay = Effect.fnUntraced(function*(session: Session, role: Role) {
  const harness = yield* Harness.make<Ours>()(session, role)
  yield* Harness.listen(harness)
  yield* Harness.start(harness, role.address, enter(harness))
  const lines = harness.scenes.flatMap((scene) =>
    Cues.linesOf(scene.connection, scene.side).map((line) => ({
      at: line.at,
      act: act(harness, scene, ({ sendAny }) => sendAny(valueOf(line)))
    }))
  )
  const endings = Cues.endingsOf(session, role).flatMap(end(harness))
  // Until the last reset has come.
  const afterwards = "1.5 seconds"
  const trace = yield* Script.run(
    harness,
    [...Script.make(harness, { open: ask(harness) }), ...lines, ...endings],
    afterwards
  )
  const { connections, unrecorded } = Verdict.replayed(harness, trace)
  const was = Cues.toldTo(session, role)
  return {
    differences: [
      ...connections.flatMap(({ connection: { frame, number }, is, side, was }) =>
        Verdict.differences(number, compare(tokens(was, side, frame), tokens(is, side, frame)))
      ),
      ...was === undefined ? [] : Verdict.differences("console", compare(was, harness.told))
    ],
    faults: [...unrecorded, ...connections.flatMap(({ connection: { frame }, is, side }) => torn(is, side, frame))]
  }
})
