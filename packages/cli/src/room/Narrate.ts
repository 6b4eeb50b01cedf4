/**
 * How events become lines for people: what happens as a sentence with a mark, answers as their command shows them. The
 * log of a room has the same sentences. Knows no protocol. Pure.
 */
import type { Failed } from "@peerage/console/Failed"
import type { Level } from "@peerage/console/Journal"
import { printable } from "@peerage/console/Printable"
import type { Command, Tagged } from "./Command.ts"
import { none, type Style } from "./Style.ts"

/** What showing needs in every room. */
export interface View {
  readonly style: Style
  /** A peer by its address or id, in its colour. */
  readonly name: (peer: string | bigint) => string
  /** The lines in place of `Listening`. */
  readonly welcome: ReadonlyArray<string>
}

/** What showing needs, with names as they are. */
export const viewOf = (style: Style, welcome: ReadonlyArray<string> = []): View => ({
  style,
  welcome,
  name: (peer) => style.named(String(peer), printable(String(peer)))
})

/** For sentences without colours, as the log has them. */
export const plainView: View = viewOf(none)

/** What stands before a sentence: somebody came, somebody went, something is wrong. Or the colour of all of it. */
export type Mark = "+" | "-" | "!" | "good" | "bad"

/** How an event is told. */
export interface Told {
  readonly text: string
  readonly mark?: Mark | undefined
  /** Its level in the log. An event without a level is not in the log. */
  readonly level?: Level | undefined
  /** What a person sees in place of the text. */
  readonly lines?: ReadonlyArray<string> | undefined
}

/** Tells an event; `undefined` for one that is only the answer to a command. */
export type Narrate<Event, V extends View> = (event: Event, view: V) => Told | undefined

/** For the screen, and for the log at level INFO. */
export const info = (text: string, mark?: Mark): Told => ({ level: "INFO", text, mark })

/** For the screen, and for the log at level WARNING. */
export const warning = (text: string, mark: Mark = "!"): Told => ({ level: "WARNING", text, mark })

/** Nothing is shown, and nothing is in the log. */
export const silent: Told = { text: "", lines: [] }

/** For events that their command shows; `Answer` are all that are left for it. */
export const shownByCommand = <Answer extends Tagged>(event: Answer): undefined => void event

const marks: { readonly [mark in Mark]: (text: string, style: Style) => string } = {
  "+": (text, { green }) => `${green("+")} ${text}`,
  "-": (text, { yellow }) => `${yellow("-")} ${text}`,
  "!": (text, { yellow }) => yellow(`! ${text}`),
  good: (text, { green }) => green(text),
  bad: (text, { yellow }) => yellow(text)
}

const isFailed = (event: Tagged): event is Failed => event._tag === "Failed"

/** How a room shows its events. */
export interface Showing<Event, V extends View> {
  readonly commands: ReadonlyArray<Pick<Command<never, V, Event>, "show">>
  readonly narrate: Narrate<Event, V>
}

/**
 * Renders the events of a room as lines. `clock` is the time of day, `14:03:59`; `asked`: the event is the answer to a
 * command.
 */
export const render =
  <Event extends Tagged, V extends View>({ commands, narrate }: Showing<Event, V>, view: V) =>
  (event: Event, clock: string, asked: boolean): ReadonlyArray<string> => {
    const { style } = view
    const answer = () =>
      isFailed(event)
        ? [style.red(event.message)]
        : commands.map(({ show }) => show(event, view)).find((lines) => lines !== undefined)
    const sentence = () => {
      const told = narrate(event, view)
      return told?.lines ?? (told && [told.mark === undefined ? told.text : marks[told.mark](told.text, style)])
    }
    const lines = (asked ? answer() ?? sentence() : sentence() ?? answer()) ?? []
    // An answer needs no time.
    return asked ? lines : lines.map((line) => `${style.dim(clock)} ${line}`)
  }
