/** What a replay comes to: where our peer did otherwise than the original in its place, and what it did beyond. */
import type { Trace } from "@peerage/transport"
import * as NetAddress from "effect/net/NetAddress"
import type { Harness, Scene } from "./Harness.ts"
import type { Happening, Recorded, Role } from "./Recording.ts"
import type { Change } from "./Transcript.ts"

/** Something that our peer did otherwise than the original. */
export interface Difference {
  /** The number of the connection or "console", the change, and what was said. */
  readonly line: string
  /** Milliseconds since the session began; when ours did it, if it did. */
  readonly at: number
}

/** What a replay comes to. */
export interface Verdict {
  readonly differences: ReadonlyArray<Difference>
  /** What no table of deviations can allow, such as connections of which the recording knows nothing. */
  readonly faults: ReadonlyArray<string>
}

/** A connection as it was recorded and as it was replayed, each from its SYN on. */
export interface Replayed<C extends Recorded> extends Scene<C> {
  readonly was: ReadonlyArray<Happening>
  readonly is: ReadonlyArray<Happening>
  /** The address from which it was dialed. */
  readonly dialer: string
}

/** Changes, each in a line that says where it was. */
export const differences = (where: number | "console", changes: ReadonlyArray<Change>): ReadonlyArray<Difference> =>
  changes.map(({ at, change, text }) => ({ at, line: `${where} ${change} ${text}` }))

interface Ends {
  readonly opener: string
  readonly acceptor: string
  /** How many connections there were between the two before. */
  readonly nth: number
}

const isDial = ({ again, kind }: Trace.Entry): boolean => kind === "SYN" && !again

/** All that passed over a connection, but what no original said either: retransmissions, answers to a SYN, keep-alives. */
const passed = (trace: ReadonlyArray<Trace.Entry>, { acceptor, nth, opener }: Ends): ReadonlyArray<Happening> => {
  let dials = 0
  return trace.flatMap(({ again, at, bytes, from, kind, to }): ReadonlyArray<Happening> => {
    const by = from === opener && to === acceptor
      ? "opener"
      : from === acceptor && to === opener
      ? "acceptor"
      : undefined
    const what = kind === "DATA" ? bytes : kind === "SYN" || kind === "FIN" || kind === "RST" ? kind : undefined
    if (by === undefined || what === undefined || again) return []
    if (what === "SYN") dials++
    return dials === nth + 1 ? [{ at, by, what }] : []
  })
}

/** Where connections of the role's went in the replay. Of one that was refused nothing is known but the address. */
const match = <C extends Recorded>(scenes: ReadonlyArray<Scene<C>>, trace: ReadonlyArray<Trace.Entry>) => {
  const scripted = new Set(scenes.flatMap(({ connection, side }) => side === "acceptor" ? [connection.opener] : []))
  const found = new Map<Scene<C>, Ends>()
  const add = (scene: Scene<C>, opener: string, acceptor: string) => {
    const alike = [...found.values()].filter((ends) => ends.opener === opener && ends.acceptor === acceptor)
    found.set(scene, { opener, acceptor, nth: alike.length })
  }
  for (const scene of scenes) {
    const { connection, pipe, side } = scene
    const [script, ours] = pipe === undefined
      ? []
      : [NetAddress.formatInet(pipe.local), NetAddress.formatInet(pipe.remote)]
    if (side === "acceptor") add(scene, script ?? connection.opener, ours ?? connection.acceptor)
    else if (ours !== undefined && script !== undefined) add(scene, ours, script)
  }
  const known = [...found.values()]
  const unknown = trace.filter(({ from, to, ...entry }) => {
    if (!isDial({ from, to, ...entry }) || scripted.has(from)) return false
    const at = known.findIndex(({ acceptor, opener }) => opener === from && acceptor === to)
    if (at !== -1) known.splice(at, 1)
    return at === -1
  })
  for (const scene of scenes) {
    if (!scene.connection.refused || scene.side === "acceptor") continue
    const at = unknown.findIndex(({ to }) => to === scene.connection.acceptor)
    const [dialed] = at === -1 ? [] : unknown.splice(at, 1)
    if (dialed !== undefined) add(scene, dialed.from, dialed.to)
  }
  return { found, unknown }
}

/** Finds what was replayed of each connection of the role's, and dials of which the recording knows nothing. */
export const replayed = <C extends Recorded, R extends Role, Ours>(
  { scenes }: Harness<C, R, Ours>,
  trace: ReadonlyArray<Trace.Entry>
): { readonly connections: ReadonlyArray<Replayed<C>>; readonly unrecorded: ReadonlyArray<string> } => {
  const { found, unknown } = match(scenes, trace)
  return {
    connections: scenes.map((scene) => {
      const { connection: { happenings, openedAt, opener } } = scene
      const ends = found.get(scene)
      return {
        ...scene,
        was: [{ at: openedAt, by: "opener", what: "SYN" }, ...happenings],
        is: ends === undefined ? [] : passed(trace, ends),
        dialer: ends?.opener ?? opener
      }
    }),
    unrecorded: unknown.map(({ from, to }) => `${from} dialed ${to}`)
  }
}
