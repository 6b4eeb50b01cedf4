/** A PeerPy peer that sends payloads of bytes, one `send` each. */
import { Peer } from "@peerage/peerpy"
import { Effect } from "effect"
import { of } from "../../src/Facts.ts"
import { effect } from "../../src/Program.ts"
import * as Block from "../peerpy/Block.ts"

effect((given) =>
  Effect.gen(function*() {
    const peer = yield* Peer.make({ listen: "127.0.0.1:0", discoveryPort: 0 })
    const connection = yield* peer.connect(`127.0.0.1:${of(given, "port")}`, { type: "bytes" })
    let number = 0
    return {
      round: ({ count = 0 }) =>
        Effect.gen(function*() {
          const end = number + count
          while (number < end) yield* connection.send(Block.of(number++))
        })
    }
  })
)
