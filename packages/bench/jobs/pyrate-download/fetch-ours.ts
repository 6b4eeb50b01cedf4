/** A peer that fetches the file from another. */
import { FileName, FilePeer, Sha256 } from "@peerage/pyrate"
import * as PeerAddress from "@peerage/transport/PeerAddress"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { of } from "../../src/Facts.ts"
import { effect } from "../../src/Program.ts"
import * as Scratch from "./Scratch.ts"

effect((given) =>
  Effect.gen(function*() {
    const { inbox: directory } = Scratch.at(of(given, "scratch"))
    const bootstrap = `127.0.0.1:${of(given, "bootstrap")}`
    const peer = yield* FilePeer.make({ bootstrap, listen: "127.0.0.1:0", directory })
    const holder = PeerAddress.at("127.0.0.1", of(given, "port"))
    const name = FileName.FileName.make(Scratch.name)
    return { round: () => Effect.asVoid(peer.download(holder, name)) }
  }).pipe(Effect.provideService(Sha256.Sha256, () => createHash("sha256")))
)
