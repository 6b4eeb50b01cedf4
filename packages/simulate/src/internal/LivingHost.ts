/** A host that is switched on and off: one life after another, each with a program that is started anew. */
import { OptionValue } from "@peerage/transport"
import { type Context, Deferred, Effect, Exit } from "effect"
import type * as Disk from "../Disk.ts"
import type { Host, Services } from "../Host.ts"
import type { Theatre } from "../Theatre.ts"
import { Life, type Nature } from "./Life.ts"
import { HostDown, type KillOptions, type Status } from "./Machine.ts"

const checkKill = OptionValue.checkAll("Host.kill", { unflushed: OptionValue.oneOf("kept", "lost") })

/** What a host has in one life: its fibers, and the services of its program once that has started. */
interface Session<R> {
  readonly life: Life
  readonly services: Deferred.Deferred<Context.Context<R | Services>>
}

/** What stays the same from one life to the next. */
export interface Parts<R, E> {
  readonly theatre: Theatre["Service"]
  readonly nature: Nature
  readonly addresses: ReadonlyArray<string>
  readonly disk: Disk.Disk
  /** Starts the program in a life. */
  readonly start: (life: Life) => Effect.Effect<Context.Context<R | Services>, E>
}

/** A host, alive or not. */
export class LivingHost<R, E> implements Host<R, E> {
  readonly name: string
  readonly address: string
  readonly disk: Disk.Disk
  private readonly parts: Parts<R, E>
  private session: Session<R> | undefined
  private state: Status = "Stopped"

  constructor(parts: Parts<R, E>) {
    this.parts = parts
    this.name = parts.nature.name
    this.address = parts.addresses[0] ?? this.name
    this.disk = parts.disk
  }

  private readonly down = Effect.suspend(() => Effect.fail(new HostDown({ host: this.name })))

  readonly status = Effect.sync(() => this.state)

  get running(): boolean {
    return this.session !== undefined
  }

  /** Begins a life, and starts the program in it. */
  readonly boot: Effect.Effect<void, E | HostDown> = Effect.gen({ self: this }, function*() {
    const { nature, start, theatre } = this.parts
    const life = new Life(theatre.stage, nature)
    const session: Session<R> = this.session = { life, services: Deferred.makeUnsafe() }
    this.state = "Running"
    const started = yield* Effect.exit(life.run(start(life), this.down))
    if (Exit.isSuccess(started)) return yield* Effect.asVoid(Deferred.succeed(session.services, started.value))
    yield* this.stop
    return yield* started
  })

  readonly run: Host<R, E>["run"] = (effect) =>
    Effect.suspend(() => {
      if (this.session === undefined) return this.down
      const { life, services } = this.session
      const running = Effect.flatMap(Deferred.await(services), (services) => Effect.provideContext(effect, services))
      return life.run(running, this.down)
    })

  private end(session: Session<R> | undefined, state: Status): void {
    if (this.session !== session) return
    this.session = undefined
    this.state = state
    session?.life.end()
  }

  /** Reads what comes, where no fault keeps it from that. */
  private readonly readAgain = Effect.suspend(() => {
    const { addresses, theatre: { network, stage } } = this.parts
    return stage.overlaps.leave(`clog ${this.address}`, this) ? network.unclog(addresses) : Effect.void
  })

  readonly kill = (options: KillOptions = {}) =>
    Effect.gen({ self: this }, function*() {
      checkKill(options)
      if (this.state === "Paused") yield* this.readAgain
      yield* this.parts.theatre.network.kill(this.parts.addresses)
      if (options.unflushed === "lost") yield* this.disk.loseUnflushed
      this.end(this.session, "Killed")
    })

  readonly stop = Effect.suspend(() => {
    const { session } = this
    if (session === undefined) return Effect.void
    session.life.close(() => this.end(session, "Stopped"))
    return session.life.ended
  })

  readonly restart = Effect.gen({ self: this }, function*() {
    if (this.session !== undefined) yield* this.kill()
    if (this.state === "Killed") yield* this.parts.theatre.network.restart(this.parts.addresses)
    yield* this.boot
  })

  readonly revive = Effect.suspend(() =>
    this.restart.pipe(
      Effect.catchCause((cause) => Effect.logWarning(`the host ${this.name} does not run`, cause)),
      Effect.forkDetach,
      Effect.asVoid
    )
  )

  readonly pause = Effect.suspend(() => {
    if (this.session === undefined || this.state !== "Running") return Effect.void
    this.state = "Paused"
    this.session.life.gate.shut()
    this.parts.theatre.stage.overlaps.enter(`clog ${this.address}`, this)
    return this.parts.theatre.network.clog(this.parts.addresses)
  })

  readonly resume = Effect.suspend(() => {
    if (this.session === undefined || this.state !== "Paused") return Effect.void
    this.state = "Running"
    this.session.life.gate.open()
    return this.readAgain
  })
}
