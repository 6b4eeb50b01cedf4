/**
 * Events of a Pyrate room as lines for people. Pure. Whatever comes from others is made printable here. Progress is
 * shown by bars, where there is a terminal.
 *
 *     14:03:59 + 10.0.0.2:5005 registered
 *     14:04:31 fetched song.txt, 3.0 MiB: shared/song.txt
 */
import { others } from "../before/RenderAnswer.ts"
import type { Render } from "../before/Teller.ts"
import type { Event } from "./Answer.ts"
import { sentence } from "./Happening.ts"
import { renderAnswer } from "./RenderAnswer.ts"
import { nameOf, type View } from "./View.ts"

/** Renders events of a room. */
export const render = (view: View): Render<Event> => (event, clock, asked) => {
  const lines = body(view, event, asked)
  // An answer is about no moment.
  return asked ? lines : lines.map((line) => `${view.style.dim(clock)} ${line}`)
}

const body = (view: View, event: Event, asked: boolean): ReadonlyArray<string> => {
  const { role, style, welcome } = view
  const name = nameOf(style)
  switch (event._tag) {
    case "Listening":
      return welcome
    case "Connected":
      return [style.green(sentence(event, String))]
    case "Closed":
      return [style.yellow(sentence(event, String))]
    case "Joined":
      return [`${style.green("+")} ${sentence(event, name)}`]
    case "Left":
      return [`${style.yellow("-")} ${sentence(event, name)}`]
    case "Peers":
      return !asked ? [] : role === "Sharer" ? others(event.peers.map(name)) : registered(event.peers.map(name))
    case "Shared":
      return asked ? renderAnswer(view, event) : [sentence(event, name)]
    case "Hit":
    case "Served":
      return [sentence(event, name)]
    case "Saved":
      return [style.green(sentence(event, name))]
    case "Rejected":
      return [style.yellow(`! ${sentence(event, name)}`)]
    case "Progress":
      return []
    default:
      return renderAnswer(view, event)
  }
}

const registered = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.length === 0
    ? ["Nobody has registered yet."]
    : [`${names.length} ${names.length === 1 ? "is" : "are"} registered:`, ...names.map((name) => `  ${name}`)]
