/** What the peers of a bulletin board say. On the wire: | length: 4 bytes, big-endian | JSON | */
import { type Format, LengthPrefix, PythonJson } from "@peerage/wire"
import { Schema } from "effect"

export const format: Format.Format<LengthPrefix.State> = {
  framing: LengthPrefix.framing,
  limit: 4096,
  parse: (frame) => PythonJson.parse(frame),
  print: (value) => PythonJson.print(value)
}

const Name = Schema.String.check(Schema.isPattern(/^[a-z]{1,16}$/))
const Text = Schema.String.check(Schema.isMaxLength(500))

/** Joiner to host, once: my name. */
export const Hello = Schema.Struct({ hello: Name }).annotate({ identifier: "Hello" })

/** Joiner to host: put this on the board. */
export const Post = Schema.Struct({ post: Text }).annotate({ identifier: "Post" })

/** Host to joiner, first of all and after each change: who is here. */
export const Peers = Schema.Struct({ peers: Schema.Array(Name) }).annotate({ identifier: "Peers" })

/** Host to joiner: the peer `from` has posted this. */
export const Posted = Schema.Struct({ from: Name, post: Text }).annotate({ identifier: "Posted" })

export const News = Schema.Union([Peers, Posted]).annotate({ identifier: "News" })
export type News = typeof News.Type
