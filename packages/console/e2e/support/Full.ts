/** A peer that has all that a page can show, as no protocol has. */
import type { Ability } from "../../src/api/About.ts"
import { ability, host } from "./Host.ts"
import { member, message, type Play } from "./Played.ts"

const names = ["ada", "grace", "linus", "barbara", "alan", "margaret"]
const gone = member("dennis", { state: "gone" })
const members = [
  ...names.map((name) => member(name, { marks: [`${name.length} hops`] })),
  member("ken", { state: "overdue" }),
  gone
]

const bytes = { base64: "aGVsbG8sIHdvcmxk" }

const said = [
  message(1, "ada", "good morning"),
  message(2, "ada", "lunch at one?"),
  message(3, "grace", { map: "dust", players: [1, 2, { name: "linus" }], open: true, note: null }),
  message(4, "linus", bytes, { type: "bytes" }),
  message(5, "barbara", "who banned 10.0.0.7?", { doubt: "shared address" }),
  message(6, "me", "it guessed passwords all night", { own: true }),
  message(7, "ada", "just between us", { conversation: "ada:4000" })
]

const levels = ["INFO", "WARNING", "ERROR"] as const
const lines = Array.from({ length: 30 }, (_, n) => ({
  n,
  at: n * 1000,
  level: levels[n % 7 === 3 ? 1 : n % 11 === 5 ? 2 : 0],
  text: `line ${n} of the log`
}))

const nodes = [
  { id: "me", name: "me", hops: 0 },
  ...names.map((name, index) => ({
    id: `${name}:4000`,
    name,
    hops: 1 + index % 3,
    via: `${names[index % 3 === 0 ? index : 0]}:4000`
  }))
]

const transfer = { peer: "ada", direction: "in", bytes: 41e6, total: 120e6, rate: 2.3e6 } as const
const transfers = [
  { ...transfer, id: "1", name: "holiday.mp4", state: "running" },
  {
    ...transfer,
    id: "2",
    name: "notes.txt",
    bytes: 3000,
    total: 3000,
    rate: 0,
    state: "done",
    sentence: "shared/notes.txt"
  },
  { ...transfer, id: "3", name: "big.iso", rate: 0, state: "failed", sentence: "ada left. Ask somebody else." },
  { id: "4", name: "live.log", peer: "grace", direction: "out", bytes: 1200, rate: 300, state: "running" }
] as const

const tables = [
  { name: "limbo", title: "Wrong passwords", columns: ["Address", "Tries"], empty: "Nobody guesses.", place: "side" },
  { name: "kept", title: "Kept", columns: ["For", "Messages"], empty: "No message waits.", place: "tab" }
] as const

const more: ReadonlyArray<Ability> = [
  ability("search", "panel", {
    beside: "kept",
    fields: [{ name: "pattern", label: "Pattern", kind: "text", optional: false }]
  }),
  ability("connect", "panel", {
    fields: [{ name: "address", label: "Address", kind: "address", optional: false, hint: "10.0.0.2:4000" }]
  }),
  ability("forget", "row:kept", { harsh: true, confirms: true })
]

const invite = {
  command: "peerage join 192.168.1.20:4702",
  needs: "They are asked for the passphrase.",
  code: { size: 2, path: "M0 0h1v1H0z" }
}

/** All of it. */
export const full = (): Play => {
  const { abilities = [], about, scene } = host()
  return {
    abilities: [...abilities, ...more],
    about: {
      ...about,
      tables: [...about?.tables ?? [], ...tables],
      graph: "Routes",
      transfers: "Transfers",
      invite
    },
    scene: {
      ...scene,
      members,
      said,
      lines,
      transfers,
      graph: { nodes, more: 0 },
      rows: {
        ...scene?.rows,
        limbo: [{ id: "x", cells: ["10.0.0.9", "2"] }],
        kept: [{ id: "y", cells: ["otto", "3"] }]
      }
    }
  }
}
