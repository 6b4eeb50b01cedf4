/** A bootstrap, and a peer that shares a directory. */
import { BootstrapNode, FilePeer, Sha256 } from "@peerage/pyrate"
import { Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import { of } from "../../src/Facts.ts"
import { effect } from "../../src/Program.ts"
import { Tally } from "../Tally.ts"
import * as Scratch from "./Scratch.ts"

effect((given) =>
  Effect.gen(function*() {
    const { shared: directory } = Scratch.at(of(given, "scratch"))
    const node = yield* BootstrapNode.make({ listen: "127.0.0.1:0" })
    const peer = yield* FilePeer.make({ bootstrap: node.address, listen: "127.0.0.1:0", directory })
    const served = new Tally()
    yield* Effect.forkScoped(
      Stream.runForEach(peer.events, ({ _tag }) => Effect.sync(() => served.add(_tag === "Served" ? 1 : 0)))
    )
    return {
      ready: { bootstrap: node.address.port, port: peer.address.port },
      round: () => Effect.promise(() => served.more(1))
    }
  }).pipe(Effect.provideService(Sha256.Sha256, () => createHash("sha256")))
)
