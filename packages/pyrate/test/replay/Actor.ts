/** Our own bootstrap or peer in the place of a recorded original, with the same files and the same to do. */
import { BootstrapNode, FileName, FilePeer, PyrateConfig } from "@peerage/pyrate"
import { PeerAddress } from "@peerage/transport"
import { Duration, Effect, FileSystem, Path } from "effect"
import { type Recorded, type Session, sessions } from "./Recording.ts"

/** One of ours on the stage. */
export interface Actor {
  /** Does what somebody had the original do, as its first message shows. */
  readonly act: (text: string, connection: Recorded) => Effect.Effect<unknown, unknown>
  /** True while it is at work on something. */
  readonly busy: Effect.Effect<boolean>
}

/** The bytes of a file as an original sent them somewhere in the recording. */
const recordedFile = (name: string, opener: RegExp): Uint8Array => {
  const asked = sessions.flatMap(({ connections }) => connections.map((connection) => ({ connection, connections })))
  for (const { connection, connections } of asked) {
    if (!opener.test(said(connection))) continue
    const back = connections.find(({ acceptor }) => acceptor === connection.opener)
    const [data] = back?.happenings.flatMap(({ what }) => what._tag === "Data" ? [what.bytes] : []) ?? []
    if (data !== undefined) return data
  }
  throw new RangeError(`no ${name} in the recording`)
}

/** The first thing that the opener of a connection said. */
export const said = ({ happenings }: Recorded): string => {
  const first = happenings.find(({ by, what }) => by === "opener" && what._tag === "Data")
  return first?.what._tag === "Data" ? Buffer.from(first.what.bytes).toString("latin1") : ""
}

/** A directory as the originals had it, with a secret beside it. */
const share = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const beside = yield* fs.makeTempDirectoryScoped()
  const directory = path.join(beside, "share")
  yield* fs.makeDirectory(directory)
  const write = (name: string, content: Uint8Array) => fs.writeFile(path.join(directory, name), content)
  yield* write("one.txt", recordedFile("one.txt", /^4:one.txt$/))
  yield* write("bin.dat", recordedFile("bin.dat", /^4:bin.dat$/))
  yield* write("empty.txt", new Uint8Array(0))
  yield* write("two words.txt", recordedFile("two words.txt", /^4:two words.txt$/))
  yield* fs.writeFileString(path.join(beside, "secret.txt"), "outside the share\n")
  return directory
})

/** A bootstrap at the original's place. */
export const bootstrap = (listen: string): Effect.Effect<Actor, unknown, BootstrapNeeds> =>
  Effect.as(BootstrapNode.make({ listen }), { act: () => Effect.void, busy: Effect.succeed(false) })
type BootstrapNeeds = Effect.Services<ReturnType<typeof BootstrapNode.make>>

/** Where an original listened; where the recording does not say, the usual place, unless somebody else was there. */
export const placeIn = ({ connections }: Session, role: string): string => {
  const known = connections.find(({ acceptor, roles }) =>
    roles.acceptor === role && !connections.some(({ opener }) => opener === acceptor)
  )
  const taken = connections.some(({ acceptor }) => acceptor === "127.0.0.1:63339")
  return known?.acceptor ?? (taken ? "127.0.0.1:63340" : "127.0.0.1:63339")
}

/** The first session was recorded with a keep-alive that does not let one wait. */
const keepAlives: { readonly [session: string]: Duration.Duration } = {
  "original-client-and-bootstrap": Duration.millis(500)
}

/** A peer at a client's place. A client's downloads are kept apart from what it shares, as there is one machine here. */
export const client = Effect.fnUntraced(function*(session: Session, role: string) {
  const bootstrap = session.connections.find(({ roles }) => roles.opener === role)?.acceptor ?? ""
  const peer = yield* FilePeer.make({
    bootstrap,
    listen: placeIn(session, role),
    directory: yield* share,
    config: { keepAlive: keepAlives[session.name] ?? PyrateConfig.defaults.keepAlive }
  })
  const to = yield* Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())
  const act = (text: string, { acceptor }: Recorded): Effect.Effect<unknown, unknown> => {
    const other = PeerAddress.parse(acceptor)
    const name = FileName.parse(text.split(":")[text.startsWith("4:") ? 1 : 2] ?? "")
    if (other === undefined) return Effect.void
    switch (text.slice(0, 2)) {
      case "1:":
        return peer.refresh
      case "4:":
        return name === undefined ? Effect.void : peer.download(other, name, { to })
      case "5:":
        return peer.list(other)
      case "6:":
        return name === undefined ? Effect.void : Effect.scoped(Effect.andThen(peer.search(name), Effect.never))
      default:
        return Effect.void
    }
  }
  const actor: Actor = { act, busy: Effect.map(peer.commands, ({ length }) => length > 0) }
  return actor
})
