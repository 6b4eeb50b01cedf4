/** Going to the parts of a room: what is shown, and where the focus is then. */
import { computed } from "@preact/signals"
import { about } from "../link.ts"
import { look } from "./room.ts"
import { chosen, column, tab } from "./view.ts"

/** What can stand in the middle. */
export interface Tab {
  readonly name: string
  readonly title: string
}

/** The tabs that this peer has, in their order. */
export const tabs = computed((): ReadonlyArray<Tab> => {
  const peer = about.value
  if (peer === undefined) return []
  const parts = [
    ...peer.talk === undefined ? [] : [{ name: "talk", title: peer.talk }],
    ...peer.tables.filter(({ place }) => place === "tab").map(({ name, title }) => ({ name: `table:${name}`, title })),
    ...peer.graph === undefined ? [] : [{ name: "graph", title: peer.graph }],
    ...peer.transfers === undefined ? [] : [{ name: "transfers", title: peer.transfers }]
  ]
  return [...parts, { name: "events", title: "Events" }]
})

/** The tab that is shown: the first where the chosen one is of another peer. */
export const shownTab = computed(() => tabs.value.find(({ name }) => name === tab.value) ?? tabs.value[0])

/** Puts the focus on the first of these that is there, once it is drawn. */
const focus = (...selectors: ReadonlyArray<string>): void => {
  requestAnimationFrame(() => {
    const found = selectors.flatMap((selector) => document.querySelector<HTMLElement>(selector) ?? [])
    found[0]?.focus({ preventScroll: true })
  })
}

/** Opens a conversation, and puts the cursor where one writes. Where nothing is said, somebody is only chosen. */
export const openConversation = (id: string): void => {
  chosen.value = id
  if (about.peek()?.talk === undefined) return
  tab.value = "talk"
  column.value = "middle"
  look(id)
  focus("#say", ".messages > .scroll")
}

/** Shows a tab. */
export const openTab = (name: string): void => {
  tab.value = name
  column.value = "middle"
  if (name === "talk") look(chosen.peek())
}

/** Shows the members. */
export const goMembers = (): void => {
  column.value = "members"
  focus(".members [aria-current=true]", ".members [data-row]")
}

/** Shows the log. */
export const goLog = (): void => {
  column.value = "side"
  focus(".log .scroll")
}

/** Shows what stands beside the conversation. */
export const goSide = (): void => {
  column.value = "side"
  focus(".side input, .side button")
}
