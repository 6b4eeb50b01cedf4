/**
 * Events of a Pyile room as lines for people. Pure. Whatever comes from others is made printable here.
 *
 *     14:03:59 bob 10.0.0.2:49152: hello
 *     14:04:10 bob 10.0.0.2:49152 to you: psst
 *     14:04:31 + 10.0.0.3:50001 joined
 */
import type { PyileEvent } from "@peerage/pyile"
import { doubt, others } from "../before/RenderAnswer.ts"
import type { Render } from "../before/Teller.ts"
import { printable, shown } from "../Printable.ts"
import type { Event } from "./Answer.ts"
import { inWords } from "./Reasons.ts"
import { renderAnswer } from "./RenderAnswer.ts"
import { nameOf, type View } from "./View.ts"

/** Renders events of a room. */
export const render = (view: View): Render<Event> => (event, clock, asked) => {
  const lines = body(view, event, asked)
  // An answer is about no moment.
  return asked ? lines : lines.map((line) => `${view.style.dim(clock)} ${line}`)
}

const body = (view: View, event: Event, asked: boolean): ReadonlyArray<string> => {
  const { style } = view
  switch (event._tag) {
    case "Listening":
      return view.welcome
    case "Connected":
      return [style.green(`You are in the network of ${event.peer}, as ${view.self}.`)]
    case "Closed":
      return [
        style.yellow(
          `The session with ${event.peer} ended: ${inWords(event.reason)}.${
            view.reconnects ? " Trying to come back." : ""
          }`
        )
      ]
    case "Joined":
      return [`${style.green("+")} ${nameOf(view, event.peer)} joined`]
    case "Left":
      return [`${style.yellow("-")} ${nameOf(view, event.peer)} left${why(event.reason)}`]
    case "Peers":
      return asked ? others(event.peers.map((peer) => nameOf(view, peer))) : []
    case "AliasSeen":
      return event.alias === "" ? [] : [style.dim(`${event.peer} calls itself ${printable(event.alias)}`)]
    case "Message":
      return [message(view, event)]
    case "Sent":
      return sent(view, event)
    case "Rejected":
      return [style.yellow(`! turned ${event.host} away: ${inWords(event.reason)}`)]
    case "Banned":
      return [
        style.yellow(`! ${event.host} is banned ${event.until === undefined ? "for ever" : `until ${event.until}`}`)
      ]
    case "Unbanned":
      return [`${event.host} may join again`]
    default:
      return renderAnswer(view, event)
  }
}

// A connection that just ends is how peers leave.
const why = (reason: string) => ["PeerClosed", "Left", "Unlisted"].includes(reason) ? "" : `: ${inWords(reason)}`

const everywhere = "0.0.0.0:"

const isSelf = (self: string, to: unknown): boolean =>
  to === self ||
  (self.startsWith(everywhere) && typeof to === "string" && to.endsWith(self.slice(everywhere.length - 1)))

const message = (view: View, event: PyileEvent.ReceivedMessage): string => {
  const { style } = view
  const alias = event.alias === undefined || event.alias === "" ? "" : `${style.bold(printable(event.alias))} `
  const to = event.to === "Broadcast" ? "" : isSelf(view.self, event.to) ? " to you" : ` to ${shown(event.to)}`
  const text = `${alias}${style.named(event.from, printable(event.from))}${style.bold(to)}: ${shown(event.data)}`
  switch (event.sender) {
    case "Verified":
      return text
    case "SharedAddress":
      return `${style.dim("~")} ${text}`
    case "Mismatch":
      return `${doubt(style)} ${text}`
  }
}

const sent = (view: View, event: Extract<Event, { readonly _tag: "Sent" }>): ReadonlyArray<string> => {
  const { style } = view
  const reached = event.acknowledged.length + event.written.length
  if (reached === 0 && event.failed.length === 0) return [style.yellow("Nobody heard that: you are alone here.")]
  return event.failed.map(({ peer, reason }) => style.red(`! ${nameOf(view, peer)} did not get it: ${inWords(reason)}`))
}
