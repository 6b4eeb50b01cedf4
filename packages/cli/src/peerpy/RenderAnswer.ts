/** Answers to commands as lines for people. Pure. */
import { help, log, orNone, timeIn } from "../before/RenderAnswer.ts"
import type { Answer, Tagged } from "./Answer.ts"
import { elsewhere, kindOf } from "./Happening.ts"
import { nameOf, said, type View } from "./View.ts"

/** Answers that are shown as such. */
export type Shown = Exclude<Answer, { readonly _tag: "Data" | "Sent" | "Withdrawn" | "Dropped" }>

/** Renders an answer. */
export const renderAnswer = (view: View, event: Shown): ReadonlyArray<string> => {
  const { style } = view
  switch (event._tag) {
    case "Peers":
      return peers(view, event)
    case "Found":
      return [`  ${nameOf(style)(event.peer)}`]
    case "Discovered":
      return [
        event.found === 0
          ? "Nobody answered on this network."
          : `${event.found} ${event.found === 1 ? "peer" : "peers"} on this network.`
      ]
    case "Visibility":
      return [event.invisible ? "Nobody who looks for peers finds you." : "Whoever looks for peers finds you."]
    case "History":
      return history(view, event)
    case "Log":
      return log(style, event)
    case "Help":
      return [
        view.role === "Listener"
          ? "What you type is said to everybody who is connected, each in the kind of its connection. Besides:"
          : "What you type is said to the other end. Besides:",
        ...help(style, event),
        style.dim("An address is only a claim: nobody has to prove where they listen.")
      ]
    case "Failed":
      return [style.red(event.message)]
  }
}

const peers = ({ style }: View, { offers, peers }: Tagged<"Peers">): ReadonlyArray<string> => {
  const name = nameOf(style)
  return [
    ...orNone(
      peers.map((one) =>
        `${name(one.peer)} (${kindOf(one)}), opened ${one.initiated ? "here" : "by it"}${elsewhere(one)}`
      ),
      "Nobody is connected."
    ),
    ...offers.map((offer) => `${name(offer.peer)} (${kindOf(offer)}) waits for an answer${elsewhere(offer)}`)
  ]
}

const history = (
  { style }: View,
  { conversations, messages, peer }: Tagged<"History">
): ReadonlyArray<string> => {
  const name = nameOf(style)
  const others = conversations.filter((one) => one !== peer)
  return [
    ...orNone(
      messages.map((message) => {
        const who = message.own ? `${style.bold("you")} to ${name(message.peer)}` : name(message.peer)
        // What was typed is remembered as it was typed.
        return `${style.dim(timeIn(message.at))} ${who}: ${said(message.own ? { ...message, type: "json" } : message)}`
      }),
      peer === undefined ? "Nothing was said yet." : `Nothing was said to or by ${name(peer)} yet.`
    ),
    ...(peer === undefined || others.length === 0
      ? []
      : [style.dim(`Also: ${others.map((one) => `/history ${one}`).join(", ")}`)])
  ]
}
