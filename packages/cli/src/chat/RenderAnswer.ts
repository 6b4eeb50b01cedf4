/** Answers to commands as lines for people. Pure. */
import { printable } from "../Printable.ts"
import { doubt, help, log, orNone, timeIn } from "../room/RenderAnswer.ts"
import type { Style } from "../room/Style.ts"
import type { Answer } from "./Answer.ts"
import { counted } from "./Happening.ts"
import { nameOf } from "./View.ts"

type Tagged<Tag extends Answer["_tag"]> = Extract<Answer, { readonly _tag: Tag }>

/** Renders an answer. */
export const renderAnswer = (style: Style, event: Answer): ReadonlyArray<string> => {
  switch (event._tag) {
    case "Self":
      // The welcome says it.
      return []
    case "Table":
      return table(style, event)
    case "Buffer":
      return buffer(style, event)
    case "History":
      return history(style, event)
    case "Log":
      return log(style, event)
    case "Help":
      return [
        "An id and then text says the text to that peer, such as 11 hello. Besides:",
        ...help(style, event),
        style.dim("An id is only a claim: the peers between you and another can write in its name.")
      ]
    case "Failed":
      return [style.red(event.message)]
  }
}

const table = (style: Style, { rows }: Tagged<"Table">): ReadonlyArray<string> => {
  if (rows.length === 0) return ["Nobody else can be reached yet."]
  const header = ["ID", "HOPS", "VIA"] as const
  const texts = rows.map(({ hops, id, nextHop }) =>
    [String(id), String(hops), nextHop === id ? "direct" : String(nextHop)] as const
  )
  const width = (column: 0 | 1) => Math.max(...[header, ...texts].map((row) => row[column].length))
  const [first, second] = [width(0), width(1)]
  return [
    style.bold(`${header[0].padEnd(first)}  ${header[1].padEnd(second)}  ${header[2]}`),
    ...texts.map(([id, hops, via]) => `${style.named(id, id.padEnd(first))}  ${hops.padStart(second)}  ${via}`)
  ]
}

const buffer = (style: Style, { rows }: Tagged<"Buffer">): ReadonlyArray<string> =>
  orNone(
    rows.map(({ id, messages }) => `${nameOf(style)(id)}: ${counted(messages)}`),
    "No messages are kept: everybody they were for could be reached."
  )

const history = (style: Style, { conversations, messages, peer }: Tagged<"History">): ReadonlyArray<string> => {
  const name = nameOf(style)
  const others = conversations.filter((id) => id !== peer)
  return [
    ...orNone(
      messages.map(({ at, data, from, own, sender, to }) => {
        const mark = sender === "Mismatch" ? `${doubt(style)} ` : ""
        const who = own ? `${style.bold("you")} to ${name(to)}` : name(from)
        return `${style.dim(timeIn(at))} ${mark}${who}: ${printable(data)}`
      }),
      peer === undefined ? "Nothing was said yet." : `Nothing was said to or by ${name(peer)} yet.`
    ),
    ...(peer === undefined || others.length === 0
      ? []
      : [style.dim(`Also: ${others.map((id) => `/history ${id}`).join(", ")}`)])
  ]
}
