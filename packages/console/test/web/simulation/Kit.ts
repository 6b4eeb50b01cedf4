/** Packets and hosts to try the pictures of a simulation with. */
import type { Host, Packet } from "../../../src/api/Stage.ts"

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
