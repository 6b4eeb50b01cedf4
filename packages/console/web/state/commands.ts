/** All that can be asked and shown, as lines for the palette. */
import type { Ability } from "../../src/api/About.ts"
import { about } from "../link.ts"
import { switchTheme, theme } from "../theme.ts"
import { abilitiesOn, begin, type Target } from "./asking.ts"
import { goLog, goMembers, openConversation, openTab, tabs } from "./going.ts"
import type { Command } from "./matching.ts"
import { members, tables } from "./room.ts"
import { overlay } from "./view.ts"

const asking = (ability: Ability, detail: string, target?: Target): Command => ({
  id: `${ability.on} ${ability.name} ${target?.id ?? ""}`,
  label: target === undefined ? ability.label : `${ability.label} ${target.name}`,
  detail,
  harsh: ability.harsh,
  run: () => begin(ability, target)
})

const ofRows = (): ReadonlyArray<Command> =>
  (about.value?.tables ?? []).flatMap(({ name, title }) =>
    abilitiesOn(`row:${name}`).flatMap((ability) =>
      (tables.value[name]?.rows ?? []).map(({ cells, id }) => asking(ability, title, { id, name: cells[0] ?? id }))
    )
  )

const ofMembers = (): ReadonlyArray<Command> => {
  const here = members.value.list.filter(({ state }) => state !== "gone")
  return here.flatMap(({ detail = "", id, name }) => [
    ...about.value?.talk === undefined
      ? []
      : [{ id: `open ${id}`, label: `Write to ${name}`, detail, run: () => openConversation(id) }],
    ...abilitiesOn("member").map((ability) => asking(ability, detail, { id, name }))
  ])
}

const shown = (): ReadonlyArray<Command> => [
  ...tabs.value.map(({ name, title }) => ({
    id: `tab ${name}`,
    label: `Show ${title.toLowerCase()}`,
    detail: "",
    run: () => openTab(name)
  })),
  { id: "members", label: `Show ${about.value?.members.toLowerCase()}`, detail: "", run: goMembers },
  ...about.value?.log === true ? [{ id: "log", label: "Show log", detail: "", run: goLog }] : [],
  ...about.value?.everybody === true
    ? [{ id: "open", label: "Write to everybody", detail: "", run: () => openConversation("") }]
    : [],
  ...about.value?.invite === undefined
    ? []
    : [{ id: "invite", label: "Invite somebody", detail: "", run: () => (overlay.value = "invite") }],
  { id: "theme", label: theme() === "dark" ? "Light theme" : "Dark theme", detail: "", run: switchTheme },
  { id: "help", label: "Keys and help", detail: "", run: () => (overlay.value = "help") }
]

/** All commands, those of the peer first. */
export const commands = (): ReadonlyArray<Command> => [
  ...abilitiesOn("panel").map((ability) =>
    asking(ability, about.value?.tables.find(({ name }) => name === ability.beside)?.title ?? "")
  ),
  ...shown(),
  ...ofMembers(),
  ...ofRows()
]
