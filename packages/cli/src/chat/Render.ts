/**
 * Events of a chat room as lines for people. Pure. Whatever comes from others is made printable here.
 *
 *     14:03:59 11: hello
 *     14:04:31 + 12 joined
 */
import type { ChatEvent } from "@peerage/p2p-chat"
import { printable } from "../Printable.ts"
import { doubt, others } from "../room/RenderAnswer.ts"
import type { Render } from "../room/Teller.ts"
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

const body = ({ style, welcome }: View, event: Event, asked: boolean): ReadonlyArray<string> => {
  const name = nameOf(style)
  switch (event._tag) {
    case "Listening":
      return welcome
    case "Connected":
      return [style.green(sentence(event, String))]
    case "Closed":
      return [style.yellow(`${sentence(event, String)} Trying to come back.`)]
    case "Joined":
      return [`${style.green("+")} ${sentence(event, name)}`]
    case "Left":
      return [`${style.yellow("-")} ${sentence(event, name)}`]
    case "Discarded":
    case "Rejected":
      return [style.yellow(`! ${sentence(event, String)}`)]
    case "Peers":
      return asked ? others(event.peers.map(({ id }) => name(id))) : []
    case "Message":
      return [message({ style, welcome }, event)]
    case "Sent":
      return event.result._tag === "Delivered"
        ? []
        : [style.yellow(`${event.to} cannot be reached now: kept until it can.`)]
    default:
      return renderAnswer(style, event)
  }
}

const message = ({ style }: View, event: Extract<ChatEvent.ChatEvent, { readonly _tag: "Message" }>): string => {
  const text = `${nameOf(style)(event.from)}: ${printable(event.data)}`
  return event.sender === "Mismatch" ? `${doubt(style)} ${text}` : text
}
