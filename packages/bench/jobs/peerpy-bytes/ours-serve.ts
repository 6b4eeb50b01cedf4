/** A PeerPy peer that takes payloads of bytes. */
import { Peer } from "@peerage/peerpy"
import { Effect, Stream } from "effect"
import { effect } from "../../src/Program.ts"
import * as Block from "../peerpy/Block.ts"
import { Tally } from "../Tally.ts"

effect(() =>
  Effect.gen(function*() {
    const tally = new Tally()
    const reader = new Block.Reader()
    const take = (blocks: ReadonlyArray<Uint8Array>) =>
      Effect.sync(() => {
        for (const block of blocks) reader.read(block)
        tally.add(blocks.length)
      })
    const peer = yield* Peer.make({
      listen: "127.0.0.1:0",
      discoveryPort: 0,
      serve: (connection) =>
        connection.type === "bytes"
          ? Effect.orDie(Stream.runForEachArray(connection.values, take))
          : Effect.void
    })
    return { ready: { port: peer.address.port }, round: ({ count = 0 }) => Effect.promise(() => tally.more(count)) }
  })
)
