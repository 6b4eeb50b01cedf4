/** A host as a test plays it: it can say, kick, ban and lift. */
import type { Ability, Field } from "../../src/api/About.ts"
import type { Play, Scene, Told } from "./Played.ts"

const field = (name: string, kind: Field["kind"], optional = false): Field => ({ name, label: name, kind, optional })

/** Something that can be asked, called by its name. */
export const ability = (name: string, on: Ability["on"], more: Partial<Ability> = {}): Ability => ({
  name,
  label: name,
  on,
  fields: [],
  confirms: false,
  harsh: false,
  ...more
})

const words = [field("text", "text", true), field("json", "json", true)]
const harsh = { harsh: true, confirms: true }
const network = [field("network", "network"), field("duration", "duration", true)]

const abilities = [
  ability("broadcast", "panel", { fields: words }),
  ability("send", "member", { fields: words }),
  ability("kick", "member", harsh),
  ability("ban", "panel", { ...harsh, beside: "bans", fields: network }),
  ability("lift", "row:bans")
]

const bans = {
  name: "bans",
  title: "Bans",
  columns: ["Who", "Why"],
  empty: "Nobody is banned.",
  place: "side"
} as const

const rows = { bans: [{ id: "10.0.0.7", cells: ["10.0.0.7", "rude"] }] }

/** A host with one ban. */
export const host = (scene: Partial<Scene> = {}, about: Partial<Told> = {}): Play => ({
  abilities,
  about: { tables: [bans], ...about },
  scene: { rows, ...scene }
})
