/** Answers to commands as lines for people. Pure. */
import { doubt, help, log, orNone, timeIn } from "../before/RenderAnswer.ts"
import { printable, shown } from "../Printable.ts"
import type { Answer } from "./Answer.ts"
import { nameOf, type View } from "./View.ts"

type History = Extract<Answer, { readonly _tag: "History" }>

/** Renders an answer. */
export const renderAnswer = (view: View, event: Answer): ReadonlyArray<string> => {
  const { style } = view
  switch (event._tag) {
    case "History":
      return history(view, event)
    case "Log":
      return log(style, event)
    case "Bans":
      return orNone(
        event.bans.map(({ host, reason, until }) =>
          `${host} ${until === undefined ? "for ever" : `until ${until}`} ${style.dim(`(${printable(reason)})`)}`
        ),
        "Nobody is banned."
      )
    case "Limbo":
      return orNone(
        event.suspects.map(({ failures, host }) =>
          `${host}: ${failures} wrong ${failures === 1 ? "password" : "passwords"}`
        ),
        "Nobody gave a wrong password."
      )
    case "Help":
      return [
        "What you type is said to everybody. Besides:",
        ...help(style, event),
        style.dim("~ before a message: several peers share that address, so that it may be from any of them.")
      ]
    case "Failed":
      return [style.red(event.message)]
  }
}

const history = (view: View, { conversation, conversations, messages }: History): ReadonlyArray<string> => {
  const { style } = view
  const others = conversations.filter((name) => name !== conversation && name !== "Broadcast")
  const where = conversation === "Broadcast" ? "everybody" : nameOf(view, conversation)
  return [
    ...orNone(
      messages.map(({ alias, at, data, from, own, sender }) => {
        const who = own
          ? "you"
          : `${alias === undefined || alias === "" ? "" : `${printable(alias)} `}${printable(from)}`
        const mark = sender === "Mismatch" ? `${doubt(style)} ` : ""
        return `${style.dim(timeIn(at))} ${mark}${own ? style.bold(who) : style.named(from, who)}: ${shown(data)}`
      }),
      `Nothing was said to ${where} yet.`
    ),
    ...(others.length === 0
      ? []
      : [style.dim(`Also: ${others.map((name) => `/history ${printable(name)}`).join(", ")}`)])
  ]
}
