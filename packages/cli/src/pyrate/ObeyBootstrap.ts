/** Does what a line says in the room of a bootstrap, and answers with events. */
import type { BootstrapNode } from "@peerage/pyrate"
import { Effect } from "effect"
import { failed, help, log } from "../before/Answer.ts"
import type { Outcome } from "../before/Room.ts"
import type { Event } from "./Answer.ts"
import type { Journal } from "./Journal.ts"
import { parse, wordsFor } from "./Line.ts"

/** A bootstrap, and what its room has beside it. */
export interface Post {
  readonly node: Pick<BootstrapNode.BootstrapService, "peers">
  readonly journal: Journal
}

/** Obeys one line. */
export const obey = ({ journal, node }: Post) => (text: string): Effect.Effect<Outcome<Event>> => {
  const line = parse(text, "Bootstrap")
  const answer = (...events: ReadonlyArray<Event>): Outcome<Event> => ({ _tag: "Answer", events })
  switch (line._tag) {
    case "Exit":
      return Effect.succeed({ _tag: "Exit" })
    case "Mistake":
      return Effect.succeed(answer(failed(text.trim(), line.reason, line.message)))
    case "Peers":
      return Effect.map(node.peers, (peers) => answer({ _tag: "Peers", peers }))
    case "Log":
      return Effect.map(journal.entries(line.level), (entries) => answer(log(entries)))
    case "Help":
      return Effect.succeed(answer(help(wordsFor("Bootstrap"))))
    default:
      return Effect.succeed(answer())
  }
}
