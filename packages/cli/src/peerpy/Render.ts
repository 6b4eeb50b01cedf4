/**
 * Events of a PeerPy room as lines for people. Pure. Whatever comes from others is made printable here.
 *
 *     14:03:59 10.0.0.2:20000: hello
 *     14:04:31 + 10.0.0.3:20000 connected (json)
 */
import type { Render } from "../before/Teller.ts"
import type { Event, Tagged } from "./Answer.ts"
import { inWords, sentence } from "./Happening.ts"
import { renderAnswer } from "./RenderAnswer.ts"
import { nameOf, said, type View } from "./View.ts"

/** Renders events of a room. */
export const render = (view: View): Render<Event> => (event, clock, asked) => {
  const lines = body(view, event)
  // An answer is about no moment.
  return asked ? lines : lines.map((line) => `${view.style.dim(clock)} ${line}`)
}

const body = (view: View, event: Event): ReadonlyArray<string> => {
  const { style } = view
  const name = nameOf(style)
  switch (event._tag) {
    case "Listening":
      return view.welcome
    case "Offer":
      return view.asks ? question(view, event) : []
    case "Connected":
      return [`${style.green("+")} ${sentence(event, name)}`]
    case "Closed":
    case "Withdrawn":
      return [`${style.yellow("-")} ${sentence(event, name)}`]
    case "Rejected":
    case "Dropped":
      return [style.yellow(`! ${sentence(event, String)}`)]
    case "Stopped":
      return []
    case "Data":
      return [`${name(event.peer)}: ${said(event)}`]
    case "Sent":
      return event.failed.map(({ peer, reason }) => style.red(`! ${peer} did not get it: ${inWords(reason)}`))
    default:
      return renderAnswer(view, event)
  }
}

const question = ({ style }: View, offer: Tagged<"Offer">): ReadonlyArray<string> => [
  `${style.yellow("?")} ${sentence(offer, nameOf(style))}: ${style.bold(`/accept ${offer.peer}`)} or ${
    style.bold(`/deny ${offer.peer}`)
  }; most give up after 2 seconds`
]
