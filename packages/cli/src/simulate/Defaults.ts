/** The scenarios that come with the command, for any number of hosts. Each says in a sentence what it shows. */
import type { ScenarioFile } from "./ScenarioFile.ts"

/** A scenario with so many hosts. */
type Default = (hosts: number) => ScenarioFile

const link = { latency: "20 millis", jitter: "20 millis" } as const

const pyile: Default = (hosts) => ({
  about: `${hosts} hosts meet, talk, and watch each other's heartbeat; one is killed and comes back`,
  protocol: "pyile",
  hosts,
  seed: 7,
  link,
  talk: { every: "40 seconds", broadcast: 0.15 },
  faults: [{ at: "20 seconds", kill: `${hosts}`, for: "15 seconds" }],
  until: "60 seconds",
  expect: [
    { at: "15 seconds", host: "1", knows: hosts - 1 },
    { at: "30 seconds", host: "1", knows: hosts - 2 },
    { at: "55 seconds", host: "1", knows: hosts - 1 }
  ]
})

const splitBrain: Default = (hosts) => {
  const half = Math.ceil(hosts / 2)
  return {
    about: `Half of ${hosts} hosts are cut off at 20 s: the lists shrink, and after 15 s they come back`,
    protocol: "pyile",
    hosts,
    seed: 7,
    link,
    faults: [{ at: "20 seconds", cut: [`1-${half}`, `${half + 1}-${hosts}`], for: "15 seconds" }],
    until: "60 seconds",
    expect: [
      { at: "15 seconds", host: "1", knows: hosts - 1 },
      { at: "32 seconds", host: "1", knows: half - 1 },
      { at: "55 seconds", host: "1", knows: hosts - 1 },
      { at: "55 seconds", host: `${hosts}`, knows: hosts - 1 }
    ]
  }
}

const wrongPassword: Default = (hosts) => ({
  about: "Somebody guesses the password, is counted each time, and is banned at the third",
  protocol: "pyile",
  hosts,
  seed: 7,
  link,
  guessing: `${hosts}`,
  until: "25 seconds",
  expect: [
    { at: "20 seconds", host: "1", sees: "Rejected" },
    { at: "20 seconds", host: "1", sees: "Banned" },
    { at: "20 seconds", host: `${hosts}`, sees: "Refused" },
    { at: "20 seconds", host: "1", knows: hosts - 2 }
  ]
})

const chatTree: Default = (hosts) => ({
  about: `${hosts} peers in a tree: an inner one dies, routes go, messages wait, it returns, they arrive`,
  protocol: "p2p-chat",
  hosts,
  seed: 7,
  link,
  do: [
    { at: "8 seconds", host: "1", say: "can you hear me?", to: `${hosts}` },
    { at: "50 seconds", host: "1", say: "are you still there?", to: "4" }
  ],
  faults: [{ at: "12 seconds", kill: "2", for: "50 seconds" }],
  until: "90 seconds",
  expect: [
    { at: "10 seconds", host: `${hosts}`, hears: "can you hear me?" },
    { at: "85 seconds", host: "4", hears: "are you still there?" },
    { at: "85 seconds", host: "1", knows: hosts - 1 }
  ]
})

const peerpy: Default = (hosts) => ({
  about: `${hosts} peers find each other by broadcast and connect; one streams to another, which stops reading`,
  protocol: "peerpy",
  hosts,
  seed: 7,
  link,
  do: [
    { at: "5 seconds", host: "1", say: "hello, all of you" },
    { at: "8 seconds", host: "2", stream: "3" }
  ],
  faults: [{ at: "15 seconds", clog: "3" }],
  until: "60 seconds",
  expect: [
    { at: "4 seconds", host: "1", knows: hosts - 1 },
    { at: "7 seconds", host: `${hosts}`, hears: "hello, all of you" },
    { at: "55 seconds", host: "2", sees: "Closed" }
  ]
})

const pyrate: Default = (hosts) => ({
  about: `A bootstrap and ${hosts - 1} peers at 200 kB/s: a search, a download over a bad link, and the bootstrap dies`,
  protocol: "pyrate",
  hosts,
  seed: 7,
  link: { ...link, bandwidth: 200_000 },
  do: [
    { at: "10 seconds", host: "2", search: `song-${hosts}.txt` },
    { at: "15 seconds", host: "3", get: `song-${hosts}.txt`, from: `${hosts}` },
    { at: "50 seconds", host: "4", search: "song-3.txt" }
  ],
  faults: [
    { at: "14 seconds", link: ["3", `${hosts}`], loss: 0.05 },
    { at: "40 seconds", kill: "1" }
  ],
  until: "60 seconds",
  expect: [
    { at: "9 seconds", host: "2", knows: hosts - 2 },
    { at: "14 seconds", host: "2", sees: "Hit" },
    { at: "39 seconds", host: "3", sees: "Saved" },
    { at: "59 seconds", host: "4", sees: "Hit" }
  ]
})

/** A scenario, how many hosts make it clear, and how few it can have. */
interface Offered {
  readonly make: Default
  readonly usual: number
  readonly least: number
}

/** The scenarios, by name. */
export const scenarios: { readonly [name: string]: Offered } = {
  pyile: { make: pyile, usual: 20, least: 3 },
  "split-brain": { make: splitBrain, usual: 20, least: 2 },
  "wrong-password": { make: wrongPassword, usual: 4, least: 2 },
  "chat-tree": { make: chatTree, usual: 12, least: 6 },
  peerpy: { make: peerpy, usual: 8, least: 3 },
  pyrate: { make: pyrate, usual: 11, least: 5 }
}

/** Their names. */
export const names: ReadonlyArray<string> = Object.keys(scenarios)
