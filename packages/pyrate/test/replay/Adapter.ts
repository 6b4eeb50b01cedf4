/** Our own bootstrap or peer in the place of a recorded original, with the same files and the same to do. */
import { BootstrapNode, FileName, FilePeer, PyrateConfig } from "@peerage/pyrate"
import { Recording } from "@peerage/testing"
import { PeerAddress } from "@peerage/transport"
import { Duration, Effect, FileSystem, Path } from "effect"
import { placeIn, saidOn, sessions } from "./Recording.ts"

/** Does what somebody had the original do, as its first message on a connection shows. */
export type Ours = (connection: Recording.Recorded) => Effect.Effect<unknown, unknown>

/** The bytes of a file as an original sent them somewhere in the recording. */
const recordedFile = (name: string): Uint8Array => {
  const asked = sessions.flatMap(({ connections }) => connections.map((connection) => ({ connection, connections })))
  for (const { connection, connections } of asked) {
    if (saidOn(connection) !== `4:${name}`) continue
    const back = connections.find(({ acceptor }) => acceptor === connection.opener)
    const [data] = Recording.segmentsOf(back?.happenings ?? [], "opener")
    if (data !== undefined) return data.bytes
  }
  throw new RangeError(`no ${name} in the recording`)
}

/** A directory as the originals had it, with a secret beside it. */
const share = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const beside = yield* fs.makeTempDirectoryScoped()
  const directory = path.join(beside, "share")
  yield* fs.makeDirectory(directory)
  for (const name of ["one.txt", "bin.dat", "two words.txt"]) {
    yield* fs.writeFile(path.join(directory, name), recordedFile(name))
  }
  yield* fs.writeFile(path.join(directory, "empty.txt"), new Uint8Array(0))
  yield* fs.writeFileString(path.join(beside, "secret.txt"), "outside the share\n")
  return directory
})

/** The first session was recorded with a keep-alive that does not let one wait. */
const keepAlives: { readonly [session: string]: Duration.Duration } = {
  "original-client-and-bootstrap": Duration.millis(500)
}

/** A peer at a client's place. A client's downloads are kept apart from what it shares, as there is one machine here. */
const client = Effect.fnUntraced(function*(session: Recording.Session, role: Recording.Role) {
  const peer = yield* FilePeer.make({
    bootstrap: session.connections.find(({ roles }) => roles.opener === role.name)?.acceptor ?? "",
    listen: placeIn(session, role),
    directory: yield* share,
    config: { keepAlive: keepAlives[session.name] ?? PyrateConfig.defaults.keepAlive }
  })
  const to = yield* Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())
  const ours: Ours = (connection): Effect.Effect<unknown, unknown> => {
    const text = saidOn(connection)
    const other = PeerAddress.parse(connection.acceptor)
    const name = FileName.parse(text.split(":")[text.startsWith("4:") ? 1 : 2] ?? "")
    if (text.startsWith("1:")) return peer.refresh
    if (text.startsWith("5:") && other !== undefined) return peer.list(other)
    if (name === undefined || other === undefined) return Effect.void
    if (text.startsWith("4:")) return peer.download(other, name, { to })
    return text.startsWith("6:") ? Effect.scoped(Effect.andThen(peer.search(name), Effect.never)) : Effect.void
  }
  return ours
})

const nothing: Ours = () => Effect.void

/** Ours in the place of an original. */
export const make = (session: Recording.Session, role: Recording.Role) =>
  role.name === "bootstrap"
    ? Effect.as(BootstrapNode.make({ listen: placeIn(session, role) }), nothing)
    : client(session, role)
