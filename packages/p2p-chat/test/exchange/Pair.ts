/** A link of ours, and the other end of its connection in the hand of the test. */
import { Link } from "@peerage/wire"
import { Effect } from "effect"
import { format } from "../../src/codec/Frame.ts"
import { server, stranger } from "../peer/Raw.ts"

/** Peer 11 has dialed peer 10; `us` says which of them the link is. */
export const pair = Effect.fnUntraced(function*(us: "Joiner" | "Server") {
  const { next } = yield* server(10)
  const joiner = yield* stranger(11, 10)
  const [ours, other] = us === "Joiner" ? [joiner, yield* next] : [yield* next, joiner]
  return { link: yield* Link.make(ours.pipe, { format }), other }
})
