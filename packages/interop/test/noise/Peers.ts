/** The Noise peers that others wrote: how each is started, and why it is not where it cannot be. */
import { Effect } from "effect"
import { inject } from "vitest"
import { onPython } from "../../src/Noise.ts"
import * as Program from "../Program.ts"

/** A peer by name; `missing` says why it cannot be started, and is empty where it can. */
export interface Peer {
  readonly name: string
  readonly missing: string
  readonly command: ReadonlyArray<string>
}

export const peers: ReadonlyArray<Peer> = [
  { name: "snow", missing: inject("missingSnow"), command: [inject("snow")] },
  { name: "noiseprotocol", missing: inject("missing"), command: onPython(inject("python")) }
]

/** Starts a peer in a role. It sends each record back, sealed anew. */
export const start = ({ command: [command = "", ...args] }: Peer, live: ReadonlyArray<string>) =>
  Program.start(command, [...args, "live", ...live], { PYTHONDONTWRITEBYTECODE: "1" }).pipe(
    Effect.map((program) => {
      let taken = 0
      return {
        ...program,
        /** The peer's next message. */
        next: program.until("a message", () => {
          const { hex } = program.told("message")[taken] ?? {}
          if (typeof hex !== "string") return undefined
          taken += 1
          return Uint8Array.from(Buffer.from(hex, "hex"))
        }),
        say: (message: Uint8Array) => program.write(Buffer.from(message).toString("hex")),
        hash: Effect.map(program.tells("established"), ({ hash }) => hash)
      }
    })
  )
