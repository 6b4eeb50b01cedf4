/** A host as faults see it, whatever runs on it. */
import { type Effect, Schema } from "effect"
import type { Disk } from "../Disk.ts"

/** Running; Paused: frozen, its sockets open; Killed: without power; Stopped: it has power and runs nothing. */
export type Status = "Running" | "Paused" | "Killed" | "Stopped"

/** Nothing can run on a host that is not running, and what ran there is gone. */
export class HostDown extends Schema.TaggedError<HostDown>()("HostDown", {
  /** Name of the host. */
  host: Schema.String
}) {
  override get message() {
    return `The host ${this.host} is down. Restart it before something runs there.`
  }
}

/** Options of a power cut. */
export interface KillOptions {
  /** "lost" gives each file the content of its last `sync`. Default "kept": everything written survives. */
  readonly unflushed?: "kept" | "lost" | undefined
}

/** A host that can be switched on and off. */
export interface Machine {
  /** Its name in the simulation. */
  readonly name: string
  /** Its IP address. */
  readonly address: string
  /** Its disk, which outlives its programs. */
  readonly disk: Disk
  /** Whether it runs now. */
  readonly status: Effect.Effect<Status>
  /** True while something may run on it. */
  readonly running: boolean
  /** Cuts the power: nothing on it runs any more, no finalizer either, and its peers are not told. */
  readonly kill: (options?: KillOptions) => Effect.Effect<void>
  /** Ends what runs on it politely, by closing its scope, and waits for that. It still answers, with refusals. */
  readonly stop: Effect.Effect<void>
  /** Restarts it in the background. A program that cannot start is logged. */
  readonly revive: Effect.Effect<void>
  /** Freezes all that runs on it. Its sockets stay open and fill, its timers fire when it is resumed. */
  readonly pause: Effect.Effect<void>
  /** Lets it go on. */
  readonly resume: Effect.Effect<void>
}
