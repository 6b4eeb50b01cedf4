/** `peerage pyrate get`: fetches a file from a peer into a folder. */
import { Client } from "@peerage/pyrate"
import { Console, Effect, Fiber, Stream } from "effect"
import { Command, TerminalCapabilities } from "effect/cli"
import { perform } from "../../before/Perform.ts"
import * as Style from "../../before/Style.ts"
import * as Teller from "../../before/Teller.ts"
import { argument, text, yes } from "../../Flags.ts"
import { printable } from "../../Printable.ts"
import type { Event } from "../../pyrate/Answer.ts"
import * as Bars from "../../pyrate/Bars.ts"
import * as Meter from "../../pyrate/Meter.ts"
import { size } from "../../pyrate/Size.ts"
import { fileName } from "../../pyrate/Values.ts"
import * as Values from "../../Values.ts"
import { folder, peerAt, tuned } from "./Common.ts"

const name = "peerage pyrate get"

const flags = {
  peer: argument("HOST:PORT", "The peer's address or name, and its port"),
  file: argument("NAME", "The name of the file"),
  to: text("to", { metavar: "DIR", description: "The folder to save it in (default: the current one)" }),
  replace: yes("replace", "Replace a file of that name")
}

/** The bars of this command: in one line at a terminal, nowhere else. */
const bars = Effect.fnUntraced(function*(json: boolean) {
  const { canAnimate, canColor } = yield* TerminalCapabilities.TerminalCapabilities
  const style = canColor ? Style.ansi : Style.none
  return Bars.make({ style, status: canAnimate && !json ? Meter.make() : undefined })
})

/** The command. */
export const get = Command.make("get", flags, (given) =>
  perform(
    name,
    Effect.fnUntraced(function*({ json, values }) {
      if (given.peer === undefined) values.mistake("HOST:PORT is missing: from whom, such as 192.0.2.2:5005")
      if (given.peer !== undefined && given.file === undefined) values.mistake("NAME is missing: which file")
      const address = values.optional(given.peer, Values.remoteAddress) ?? { host: "", port: 0 }
      const file = values.optional(given.file, fileName)
      const to = (yield* folder(given.to, values)) ?? "."
      yield* values.done
      if (file === undefined) return

      const client = yield* Client.make(yield* tuned(name))
      const peer = yield* peerAt(address)
      const shown = yield* bars(json)
      const tell = Teller.programs<Event>()
      const progress = Stream.runForEach(client.events, (event) =>
        event._tag !== "Progress" ? Effect.void : json ? tell([event], false) : shown.advance(event))
      const telling = yield* Effect.forkScoped(progress, { startImmediately: true })
      const saved = yield* shown.during(file, client.download(peer, file, { to, replace: given.replace }))
      // What came of it is told last.
      yield* Fiber.interrupt(telling)
      if (json) {
        return yield* tell([{ _tag: "Saved", name: file, ...saved }], true)
      }
      yield* Console.log(`Saved ${printable(saved.path)} (${size(saved.bytes)}).`)
    }, Effect.scoped)
  )).pipe(
    Command.withDescription("Fetch a file from a peer; it is there as a whole or not at all"),
    Command.withExamples([
      { command: "peerage pyrate get 192.0.2.2:5005 song.txt", description: "Fetch song.txt into the current folder" },
      {
        command: "peerage pyrate get 192.0.2.2:5005 \"our song.txt\" --to music --replace",
        description: "Fetch it into the folder music, in place of the one that is there"
      }
    ])
  )
