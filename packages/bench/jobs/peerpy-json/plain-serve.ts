/** A plain receiver of json messages: bounded, parsed, and its shape checked by hand. */
import { plain } from "../../src/Program.ts"
import * as Note from "../peerpy/Note.ts"
import * as Wire from "../peerpy/Wire.ts"
import { Tally } from "../Tally.ts"

const isNote = (value: unknown): value is Note.Note =>
  typeof value === "object" && value !== null
  && "number" in value && Number.isSafeInteger(value.number)
  && "from" in value && typeof value.from === "string"
  && "urgent" in value && typeof value.urgent === "boolean"
  && "text" in value && typeof value.text === "string"

plain(async () => {
  const tally = new Tally()
  const reader = new Note.Reader()
  const port = await Wire.listen("json", (payload) => {
    const envelope: { readonly data?: unknown } = JSON.parse(payload.toString("utf8"))
    if (!isNote(envelope.data)) throw new Error("not a note")
    reader.read(envelope.data)
    tally.add(1)
  })
  return { ready: { port }, round: ({ count = 0 }) => tally.more(count) }
})
