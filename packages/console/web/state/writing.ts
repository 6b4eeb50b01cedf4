/** What is being written: a draft for each conversation, and the sending of it. */
import { signal } from "@preact/signals"
import type { Ability } from "../../src/api/About.ts"
import { ask, writing } from "./asking.ts"
import { chosen, say } from "./view.ts"

/** Drafts by conversation. They outlive a lost connection. */
export const drafts = signal<ReadonlyMap<string, string>>(new Map())

/** Puts a draft aside for a conversation. */
export const draft = (conversation: string, text: string): void => {
  drafts.value = new Map(drafts.peek()).set(conversation, text)
}

/** What goes into a field, or why it cannot go. */
export type Written = { readonly field: string; readonly value: string } | { readonly wrong: string }

const jsonOf = (ability: Ability, text: string): Written => {
  const field = ability.fields.find(({ kind }) => kind === "json")
  if (field === undefined) return { wrong: "Only text can be said here." }
  try {
    JSON.parse(text)
    return { field: field.name, value: text }
  } catch {
    return { wrong: "What stands behind /json is no JSON. Text in it needs quotes, as in /json {\"n\": 1}." }
  }
}

/** Reads what somebody wrote: text, or any value behind `/json`. */
export const read = (ability: Ability, text: string): Written => {
  const json = /^\/json\s+([^]*)$/.exec(text)?.[1]
  if (json !== undefined) return jsonOf(ability, json)
  const field = ability.fields.find(({ kind }) => kind === "text") ?? ability.fields[0]
  return field === undefined ? { wrong: "Nothing can be said here." } : { field: field.name, value: text }
}

/** Sends a draft. What was refused comes back into the input, unless something else was written meanwhile. */
export const send = (): boolean => {
  const conversation = chosen.peek()
  const text = drafts.peek().get(conversation) ?? ""
  const ability = writing(conversation)
  if (ability === undefined || text.trim() === "") return false
  const written = read(ability, text)
  if ("wrong" in written) {
    say(written.wrong, true)
    return false
  }
  draft(conversation, "")
  const target = conversation === "" ? undefined : { id: conversation, name: conversation }
  void ask(ability, target, { [written.field]: written.value }).then(({ _tag }) => {
    if (_tag === "Refused" && (drafts.peek().get(conversation) ?? "") === "") draft(conversation, text)
  })
  return true
}
