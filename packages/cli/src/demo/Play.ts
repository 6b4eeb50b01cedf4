/**
 * The demo: a host and two joiners over real TCP in one process, and everything a network does. It checks what it shows,
 * and fails where something does not happen. The ban comes last, and each joiner has a loopback address of its own where
 * the system has more than one.
 */
import { inPyile as inWords } from "@peerage/console/Reasons"
import { Transport } from "@peerage/transport"
import { Effect, Redacted } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { makePassphrase } from "../Password.ts"
import { check, ending, type Guest, host as hostOf, joiner, type Participant } from "./Participants.ts"
import type { Timeline } from "./Timeline.ts"

const own = "127.0.0.1"

/** An address that the system lets one listen on, else the one that every system has. */
const loopback = Effect.fnUntraced(function*(wanted: string) {
  const transport = yield* Transport.Transport
  const tried = transport.listen(NetAddress.inetAddressFromIpStringUnsafe(wanted, 0), {})
  return yield* Effect.scoped(tried).pipe(Effect.as(wanted), Effect.orElseSucceed(() => own))
})

interface Scene {
  readonly timeline: Timeline
  readonly host: Effect.Success<ReturnType<typeof hostOf>>
  readonly passphrase: Redacted.Redacted<string>
  readonly addresses: { readonly [name in "ann" | "bob" | "eve"]: string }
}

type Name = keyof Scene["addresses"]

/** Plays it from beginning to end. */
export const play = Effect.fnUntraced(function*(timeline: Timeline) {
  const addresses = {
    ann: yield* loopback("127.0.0.2"),
    bob: yield* loopback("127.0.0.3"),
    eve: yield* loopback("127.0.0.4")
  }
  const passphrase = Redacted.make(yield* makePassphrase)
  yield* timeline.chapter("A host opens a network")
  const host = yield* hostOf({ password: passphrase, listen: `${own}:0` })
  const address = NetAddress.formatInet(host.peer.address)
  yield* timeline.step("host", `listens at ${address}, with the passphrase ${Redacted.value(passphrase)}`)

  const scene: Scene = { timeline, host, passphrase, addresses }
  yield* timeline.chapter("Ann and Bob join")
  const ann = yield* enters(scene, "ann")
  const bob = yield* enters(scene, "bob")
  yield* Effect.all([host.knows(2), ann.knows(2), bob.knows(2)], { discard: true })
  yield* timeline.step("everybody", "knows the two others")

  yield* talk(scene, ann, bob)
  yield* stranger(scene)
  const back = yield* kick(scene, bob)
  yield* timeline.chapter("Ann leaves")
  yield* ann.leaves
  const left = yield* host.hears("that ann left", "Left")
  yield* check(left.peer === ann.peer.self, `${left.peer} left instead of ann`)
  yield* timeline.step("ann", "leaves politely")
  yield* timeline.step("host", `sees ${left.peer} go`)
  yield* ban(scene, back)
  yield* timeline.chapter("The host goes home")
  yield* host.leaves
  yield* timeline.step("host", "closes the network")
})

const join = ({ addresses, host, passphrase }: Scene, alias: Name, password = passphrase) =>
  joiner({ alias, password, host: host.peer.address, listen: addresses[alias] })

const enters = Effect.fnUntraced(function*(scene: Scene, name: Name) {
  const { host, timeline } = scene
  const guest = yield* join(scene, name)
  yield* timeline.step(name, `gives the passphrase and is in, at ${guest.peer.self}`)
  const { peer } = yield* host.hears(`that ${name} joined`, "Joined")
  yield* check(peer === guest.peer.self, `the host saw ${peer} join instead of ${guest.peer.self}`)
  yield* timeline.step("host", `sees ${peer} come in`)
  return guest
})

/** Waits until somebody hears exactly this. */
const hearing = (timeline: Timeline, { hears, name }: Participant<unknown>, data: string, note = "") =>
  hears(`"${data}"`, "Message", (message) => message.data === data).pipe(
    Effect.tap(({ alias, sender }) => check(sender !== "Mismatch", `a message of ${alias} seems not to be from there`)),
    Effect.flatMap(({ alias }) => timeline.step(name, `hears ${alias}: ${data}${note}`))
  )

const talk = Effect.fnUntraced(function*({ host, timeline }: Scene, ann: Guest, bob: Guest) {
  yield* timeline.chapter("They talk")
  const everybody = yield* ann.peer.broadcast("Hello, everybody!")
  yield* timeline.step("ann", "to everybody: Hello, everybody!")
  yield* check(everybody.acknowledged.length === 2, "not everybody acknowledged ann's broadcast")
  yield* hearing(timeline, host, "Hello, everybody!")
  yield* hearing(timeline, bob, "Hello, everybody!")

  const direct = yield* bob.peer.send(ann.peer.self, "Hi Ann, just between us.")
  yield* timeline.step("bob", "to ann: Hi Ann, just between us.")
  yield* check(direct.acknowledged.length === 1, "ann did not acknowledge bob's message")
  yield* hearing(timeline, ann, "Hi Ann, just between us.", " (to her alone)")
  yield* ann.peer.send(bob.peer.self, "Hi Bob!")
  yield* timeline.step("ann", "to bob: Hi Bob!")
  yield* hearing(timeline, bob, "Hi Bob!", " (to him alone)")

  const welcome = yield* host.peer.broadcast("Welcome, both of you.")
  yield* timeline.step("host", "to everybody: Welcome, both of you.")
  yield* check(welcome.acknowledged.length === 2, "not everybody acknowledged the host's broadcast")
  yield* Effect.forEach([ann, bob], (guest) => hearing(timeline, guest, "Welcome, both of you."), { discard: true })
})

/** Why somebody who tries to join is refused. */
const refusal = (...attempt: Parameters<typeof join>) =>
  Effect.scoped(join(...attempt)).pipe(
    Effect.flip,
    Effect.map(({ reason }) => reason._tag),
    Effect.catchCause(() => Effect.succeed("nothing: it was let in"))
  )

/** Waits until the host turns somebody away for a reason. */
const rejection = ({ host }: Scene, reason: string) =>
  host.hears(`of a rejection as ${reason}`, "Rejected", (event) => event.reason === reason)

const stranger = Effect.fnUntraced(function*(scene: Scene) {
  const { host, timeline } = scene
  yield* timeline.chapter("Somebody guesses")
  const answer = yield* refusal(scene, "eve", Redacted.make("let-me-in"))
  yield* check(answer === "WrongPassword", `a wrong password led to ${answer}`)
  yield* timeline.step("eve", "tries let-me-in and is refused: wrong password")
  const { host: suspect } = yield* rejection(scene, "WrongPassword")
  const [limbo] = yield* host.peer.limbo
  yield* check(limbo?.host === suspect && limbo.failures === 1, "the wrong password was not counted")
  yield* timeline.step("host", `notes one wrong password from ${suspect}; the third would ban it`)
})

/** Waits until bob's session has ended at both ends for this reason, and checks that he is refused when he comes back. */
const removal = Effect.fnUntraced(function*(scene: Scene, bob: Guest, reason: string) {
  const { host, timeline } = scene
  const left = yield* host.hears("that bob left", "Left", (event) => event.reason === reason)
  yield* check(left.peer === bob.peer.self, `${left.peer} was ${reason} instead of bob`)
  yield* timeline.step("bob", `finds his session ended: ${inWords(yield* ending(bob))}`)
  yield* bob.leaves
  const answer = yield* refusal(scene, "bob")
  yield* check(answer === "Banned", `coming back as one who was ${reason} led to ${answer}`)
})

const kick = Effect.fnUntraced(function*(scene: Scene, bob: Guest) {
  const { addresses, host, timeline } = scene
  yield* timeline.chapter("Bob is kicked, and forgiven")
  yield* check(yield* host.peer.kick(bob.peer.self), "bob could not be kicked")
  yield* timeline.step("host", `kicks ${bob.peer.self}`)
  yield* removal(scene, bob, "Kicked")
  yield* timeline.step("bob", "comes back at once and is refused: barred for a moment")
  yield* rejection(scene, "Banned")
  yield* check(yield* host.peer.unban(addresses.bob), "the bar could not be lifted")
  yield* timeline.step("host", "lifts the bar")
  return yield* enters(scene, "bob")
})

const ban = Effect.fnUntraced(function*(scene: Scene, bob: Guest) {
  const { addresses, host, timeline } = scene
  yield* timeline.chapter("Bob is banned")
  yield* host.peer.ban(addresses.bob, { for: "10 minutes" })
  yield* timeline.step("host", `bans ${addresses.bob} for 10 minutes`)
  yield* removal(scene, bob, "Banned")
  yield* timeline.step("bob", "comes back with the right passphrase and is refused: banned")
})
