/** What can be asked of the peer, and the asking of it. */
import { computed, signal } from "@preact/signals"
import type { Ability } from "../../src/api/About.ts"
import type { Values } from "../../src/api/Api.ts"
import { about, call, type Outcome } from "../link.ts"
import { openTab } from "./going.ts"
import { say } from "./view.ts"

/** The member or the row of which something is asked. */
export interface Target {
  readonly id: string
  readonly name: string
}

/** Something that is about to be asked. */
export interface Question {
  readonly ability: Ability
  readonly target: Target | undefined
  /** What was written already. */
  readonly values: Values
  /** Follows when it was done. */
  readonly done: () => void
}

/** What waits for its fields, or for a yes. */
export const question = signal<Question | undefined>(undefined)

/** What the input of the conversation does is no button. */
const isSaid = ({ name }: Ability): boolean => name === "send" || name === "broadcast"

const asked = computed(() => (about.value?.abilities ?? []).filter((ability) => !isSaid(ability)))

/** What can be asked of a member, of the peer, or of a row. */
export const abilitiesOn = (on: Ability["on"]): ReadonlyArray<Ability> =>
  asked.value.filter((ability) => ability.on === on)

/** What writes to a member, or to everybody for "". */
export const writing = (conversation: string): Ability | undefined =>
  about.value?.abilities.find(({ name, on }) =>
    conversation === "" ? name === "broadcast" && on === "panel" : name === "send" && on === "member"
  )

/** Asks, and says the answer in the bar. */
export const ask = (ability: Ability, target: Target | undefined, values: Values): Promise<Outcome<string>> =>
  call((calls) =>
    calls.Ask({ ability: ability.name, values: target === undefined ? values : { ...values, target: target.id } })
  ).then((outcome) => {
    if (outcome._tag === "Refused") {
      say(outcome.message, true)
      return outcome
    }
    say(outcome.value.sentence)
    if (ability.on === "member" && ability.beside !== undefined) openTab(`table:${ability.beside}`)
    return { _tag: "Done", value: outcome.value.sentence } as const
  })

/** Asks at once, or first for what the ability needs. */
export const begin = (
  ability: Ability,
  target?: Target,
  values: Values = {},
  done: () => void = () => {}
): void => {
  if (ability.fields.length > 0 || ability.confirms) question.value = { ability, target, values, done }
  else void ask(ability, target, values)
}
