/** Acts, packets and hosts to try the pictures of a simulation with. */
import type { Act, Host, Packet } from "../../../src/api/Stage.ts"

/** An act in which nothing happens. */
export const quiet: Act = {
  first: false,
  now: 0,
  end: 60_000,
  seed: 7,
  speed: 1,
  paused: false,
  replaying: false,
  hosts: [],
  cuts: [],
  links: [],
  packets: [],
  skipped: 0,
  notes: []
}

/** A packet from 1 to 2 that takes 100 milliseconds, but for what is given. */
export const packet = (given: Partial<Packet>): Packet => {
  const { at = 0, dropped } = given
  const arrives = dropped === undefined ? { arrives: at + 100 } : {}
  return { n: at, at, ...arrives, from: "1", to: "2", kind: "message", length: 20, gist: "", ...given }
}

/** A host from a moment on. */
export const host = (name: string, at: number, knows: ReadonlyArray<string> = []): Host => ({
  at,
  name,
  address: `10.0.0.${name}`,
  role: name === "1" ? "host" : "member",
  state: "running",
  knows
})
