/** Who finds whom on a network of two machines. */
import { assert } from "@effect/vitest"
import { Effect, Schema, type Scope } from "effect"
import { live } from "../Live.ts"
import * as Original from "../Original.ts"
import * as Ours from "../Ours.ts"
import * as Lan from "./Lan.ts"
import { originalPeer } from "./Peers.ts"

const missing = Lan.missing()

const onLan = (
  name: string,
  program: (here: Lan.Machine, there: Lan.Machine) => Effect.Effect<void, unknown, Scope.Scope>
) => live(name, Effect.flatMap(Lan.make, ([here, there]) => program(here, there)), missing)

/** An original that can be found. */
const visible = ({ address, prefix }: Lan.Machine) => originalPeer({ address, prefix, visible: true })

/** A peer of ours, as a process on that machine. */
const ourPeer = Effect.fnUntraced(function*({ address, prefix }: Lan.Machine, ...more: ReadonlyArray<string>) {
  const program = yield* Ours.start(["peerpy", "listen", "--listen", `${address}:0`, ...more], prefix)
  const { address: self } = yield* program.tells("Listening")
  const discover = Effect.gen(function*() {
    const [asked, before] = [program.told("Discovered").length, program.told("Found").length]
    yield* program.write("/discover")
    yield* program.until("an answer", () => program.told("Discovered").length > asked ? true : undefined)
    return program.told("Found").slice(before).map(({ peer }) => peer)
  })
  return { ...program, self: String(self), discover }
})

/** Asks until everybody is found who should be: who has just begun may not hear a question yet. */
const finds = (discover: Effect.Effect<ReadonlyArray<unknown>, unknown>, all: ReadonlyArray<string>) =>
  discover.pipe(
    Effect.map((found) => [...found].sort()),
    Effect.repeat({ until: (found) => found.join() === [...all].sort().join(), times: 10 }),
    Effect.map((found) => assert.deepStrictEqual(found, [...all].sort()))
  )

onLan("ours find the originals of another machine", (here, there) =>
  Effect.gen(function*() {
    const originals = [yield* visible(there), yield* visible(there)]
    yield* originalPeer({ address: there.address, prefix: there.prefix })
    const ours = yield* ourPeer(here)
    yield* finds(ours.discover, originals.map(({ self }) => self))
  }))

onLan("originals find ours on another machine, unless they hide", (here, there) =>
  Effect.gen(function*() {
    const original = yield* visible(there)
    const ours = yield* ourPeer(here)
    yield* ourPeer(here, "--invisible")
    yield* finds(original.discover, [ours.self])
    yield* ours.write("/invisible on")
    yield* ours.tells("Visibility", { invisible: true })
    yield* finds(original.discover, [])
  }))

onLan("ours and originals of one machine are found side by side", (here, there) =>
  Effect.gen(function*() {
    const [theirs, ours] = [yield* visible(there), yield* ourPeer(there)]
    const original = yield* visible(here)
    yield* finds(original.discover, [theirs.self, ours.self])
  }))

onLan("an original asks and answers in the form of its latest code", (here, there) =>
  Effect.gen(function*() {
    const theirs = yield* visible(there)
    const socket = yield* Original.start("datagrams", here.prefix)
    yield* socket.ask(Schema.Int, "open", { ip: "", port: 1024 })
    yield* theirs.discover
    const question = `PING|pinger=${there.address}:1024`.padEnd(128, "|")
    yield* socket.tells("datagram", { text: question, from: `${there.address}:1024` })
    const text = `PING|pinger=${here.address}:1024`.padEnd(128, "|")
    yield* socket.ask(Schema.Null, "say", { ip: there.address, port: 1024, text })
    const answer = `PONG|ponger=${theirs.self}`.padEnd(128, "|")
    yield* socket.tells("datagram", { text: answer, from: `${there.address}:1024` })
  }))
