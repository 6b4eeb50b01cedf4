/** What the json job carries: an application's own value of about 100 bytes in its envelope, in numbered order. */
import { Schema } from "effect"

export const Note = Schema.Struct({
  number: Schema.Int,
  from: Schema.String,
  urgent: Schema.Boolean,
  text: Schema.String
})
export type Note = typeof Note.Type

/** The note with a number. */
export const of = (number: number): Note => ({
  number,
  from: "alice",
  urgent: number % 2 === 0,
  text: "what we say to each other"
})

/** Checks that notes come in order and whole. Throws where they do not. */
export class Reader {
  private next = 0

  read({ from, number, text }: Note) {
    if (number !== this.next++ || from !== "alice" || text.length !== 25) throw new Error("not the note that was sent")
  }
}
