/** A PeerPy peer that sends bytes and waits until they are back; tells how long that takes. */
import { Peer } from "@peerage/peerpy"
import { Effect } from "effect"
import { of } from "../../src/Facts.ts"
import { effect } from "../../src/Program.ts"
import { Rally } from "./Rally.ts"

effect((given) =>
  Effect.gen(function*() {
    const peer = yield* Peer.make({ listen: "127.0.0.1:0", discoveryPort: 0 })
    const connection = yield* peer.connect(`127.0.0.1:${of(given, "port")}`, { type: "bytes" })
    const rally = new Rally()
    const serve = Effect.suspend(() => connection.send(rally.message))
    const answer = Effect.flatMap(connection.receive, (bytes) => rally.isBack(bytes) ? serve : Effect.void)
    yield* Effect.forkScoped(Effect.forever(answer, { disableYield: true }))
    return {
      round: ({ count = 0 }) =>
        Effect.gen(function*() {
          const over = rally.begin(count)
          yield* serve
          return yield* Effect.promise(() => over)
        })
    }
  })
)
