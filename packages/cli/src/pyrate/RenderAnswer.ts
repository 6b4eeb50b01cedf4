/** Answers to commands as lines for people. Pure. */
import { help, log } from "../before/RenderAnswer.ts"
import type { Style } from "../before/Style.ts"
import { printable } from "../Printable.ts"
import type { Event, Tagged } from "./Answer.ts"
import { counted } from "./Happening.ts"
import { table } from "./Table.ts"
import { nameOf, type View } from "./View.ts"

/** What is told as an answer, or of what was asked for. */
type Told = Extract<
  Event,
  { readonly _tag: "Files" | "Searched" | "Commands" | "Leaving" | "Shared" | "Log" | "Help" | "Failed" }
>

/** Renders an answer. */
export const renderAnswer = ({ role, style }: View, event: Told): ReadonlyArray<string> => {
  switch (event._tag) {
    case "Files":
      return event.files.length === 0
        ? [`${nameOf(style)(event.peer)} shares nothing.`]
        : table(style, ["PEER", "FILE"], event.files.map((name) => [event.peer, printable(name)]))
    case "Searched":
      return searched(style, event)
    case "Commands":
      return event.commands.length === 0
        ? ["Nothing is being done."]
        : table(
          style,
          ["PEER", "COMMAND"],
          event.commands.map(({ direction, kind, peer }) => [
            printable(peer),
            `${direction} ${kind}`
          ])
        )
    case "Leaving":
      return [
        `Leaving when ${counted(event.waitsFor, "command")} ${
          event.waitsFor === 1 ? "is" : "are"
        } done; /exit leaves at once.`
      ]
    case "Shared":
      return event.files.length === 0
        ? ["You share nothing: the folder has no plain files."]
        : [`You share ${counted(event.files.length, "file")}:`, ...event.files.map((name) => `  ${printable(name)}`)]
    case "Log":
      return log(style, event)
    case "Help":
      return role === "Bootstrap" ? help(style, event) : [
        "The words of the original work, in any case: GET, LIST, SEARCH, PEERS, GETPEERS, QUIT. Besides:",
        ...help(style, event)
      ]
    case "Failed":
      return [style.red(event.message)]
  }
}

const searched = (style: Style, { name, peers }: Tagged<"Searched">): ReadonlyArray<string> => {
  const shown = printable(name)
  const [first] = peers
  return first === undefined
    ? [`Nobody said that they have ${shown}.`]
    : [
      ...table(style, ["PEER", "FILE"], peers.map((peer) => [peer, shown])),
      style.dim(`To fetch it: /get ${first} ${shown}`)
    ]
}
