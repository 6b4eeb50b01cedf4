/** Our own peer in the role of a recorded original: with the same id, at the same address, with the same to say. */
import { ChatPeer, PeerId } from "@peerage/p2p-chat"
import { Harness, Script, Transcript, Verdict } from "@peerage/testing"
import { Clock, Effect, Stream } from "effect"
import * as Cues from "./Cues.ts"
import type { Role, Session } from "./Recording.ts"
import * as Words from "./Words.ts"

/** The peer that plays a role. Never starts under an id that no peer can have: the command refuses such an id. */
const make = ({ connections }: Session, { id: text, joinedWith, listen }: Role) => {
  const id = PeerId.parse(text)
  if (id === undefined) return Effect.never
  const join = connections.find(({ number }) => number === joinedWith)?.acceptor
  return ChatPeer.make({ listen: listen ?? "127.0.0.1:0", join, id })
}

/** Makes the peer, and notes the text that it reports to its application. */
const enter = (session: Session, role: Role, { began, told }: { began: number; told: Array<Transcript.Token> }) =>
  Effect.tap(
    make(session, role),
    ({ events }) =>
      Stream.runForEach(events, (event) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          if (event._tag !== "Message") return
          const { data: text, from, to } = event
          told.push(Transcript.bare(now - began, Words.describeChat({ from, to, text })))
        })).pipe(Effect.forkScoped({ startImmediately: true }))
  )

// Ours takes no time to think, originals some 2 ms; one that waits for the answer to its header first, some 40 ms.
const tolerance = { late: 50, early: 100 }
const compare = (was: ReadonlyArray<Transcript.Token>, is: ReadonlyArray<Transcript.Token>) =>
  Transcript.compare(was, is, () => tolerance)

/** Replays a session with our peer in a role. */
export const replay = Effect.fnUntraced(function*(session: Session, role: Role) {
  const harness = yield* Harness.make<ChatPeer.ChatPeerService>()(session, role)
  yield* Harness.listen(harness)
  const begin = Harness.start(harness, role.listen ?? "127.0.0.1:0", enter(session, role, harness))
  if (role.joinedWith === undefined) yield* begin
  const trace = yield* Script.run(harness, [
    ...Script.make(harness, { open: () => begin }),
    // After a reset the recording does not show when the others closed their end: at once.
    ...harness.scenes.flatMap((scene) =>
      scene.connection.happenings.flatMap(({ at, by, what }) =>
        by === scene.side && what === "RST" ? [{ at, act: Effect.sync(() => scene.pipe?.close()) }] : []
      )
    ),
    ...Cues.linesOf(session, role).map(({ at, chat }) => ({
      at,
      act: Harness.act(harness, (ours) => ours.send(PeerId.make(chat.to), chat.text))
    })),
    ...Harness.leaveAt(harness, Cues.departureOf(session, role))
  ])
  const { connections, unrecorded } = Verdict.replayed(harness, trace)
  return {
    differences: [
      ...connections.flatMap(({ connection, is, side, was }) =>
        Verdict.differences(connection.number, compare(Words.tokens(was, side), Words.tokens(is, side)))
      ),
      ...Verdict.differences("console", compare(Cues.shownAt(session, role), harness.told))
    ],
    faults: [
      ...unrecorded,
      ...connections.flatMap(({ is, side }) =>
        is.flatMap(({ by, what }) =>
          by === side && typeof what !== "string" && !Words.isFrame(what) ? [`no frame: ${Words.describe(what)}`] : []
        )
      )
    ]
  }
})
