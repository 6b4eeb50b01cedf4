/** One life of a host: from when it is switched on until it is killed or stopped. */
import type { MemoryNetwork } from "@peerage/transport"
import { Clock, Context, Deferred, Effect, Exit, Layer, Random, References, Scheduler, Scope } from "effect"
import * as HostClock from "./HostClock.ts"
import { Gate } from "./RunQueue.ts"
import type { Stage } from "./Stage.ts"

/** What lives of one host have in common. */
export interface Nature {
  readonly name: string
  readonly clock: MemoryNetwork.HostClock
  readonly random: Random.Random
}

/** The fibers of one life: their scheduler, their clock, and the scope of what runs there. */
export class Life {
  readonly gate: Gate
  readonly scope: Scope.Closeable = Scope.makeUnsafe()
  readonly memoMap: Layer.MemoMap = Layer.makeMemoMapUnsafe()
  private readonly stage: Stage
  private readonly nature: Nature
  private readonly clock: Clock.Clock
  private readonly over = Deferred.makeUnsafe<void>()
  private closing = false

  constructor(stage: Stage, nature: Nature) {
    this.stage = stage
    this.nature = nature
    this.gate = new Gate(nature.name, stage.queue)
    this.clock = HostClock.make(stage.timeline, this.gate, nature.clock)
  }

  /** What makes a fiber one of this host, in place of what it would inherit from the fiber that starts it. */
  inhabit<R>(services: Context.Context<R>): Context.Context<R> {
    const annotations = Context.get(services, References.CurrentLogAnnotations)
    return services.pipe(
      Context.add(Clock.Clock, this.clock),
      Context.add(Scheduler.Scheduler, this.gate),
      Context.add(Random.Random, this.nature.random),
      Context.add(Layer.CurrentMemoMap, this.memoMap),
      Context.add(References.CurrentLogAnnotations, { ...annotations, host: this.nature.name })
    )
  }

  /** Succeeds when this life is over. */
  get ended(): Effect.Effect<void> {
    return Deferred.await(this.over)
  }

  /** Runs an effect in a fiber of this life, and waits for it from outside, or until the life is over. */
  run<A, E, R, E2>(effect: Effect.Effect<A, E, R>, over: Effect.Effect<never, E2>): Effect.Effect<A, E | E2, R> {
    const running = Effect.contextWith((services: Context.Context<R>) =>
      Effect.callback<A, E>((resume) => {
        const fiber = Effect.runForkWith(this.inhabit(services))(effect)
        fiber.addObserver(resume)
        // Nobody waits for an interruption: a host that is paused or dead would not do it now.
        return Effect.sync(() => fiber.interruptUnsafe())
      })
    )
    return Effect.raceFirst(running, Effect.andThen(this.ended, over))
  }

  /** Closes what runs here, in its own time, and calls `closed`. */
  close(closed: () => void): void {
    if (this.closing) return
    this.closing = true
    Effect.runForkWith(this.inhabit(Context.empty()))(
      Effect.andThen(Scope.close(this.scope, Exit.void), Effect.sync(closed))
    )
  }

  /** From now on nothing of this life runs. */
  end(): void {
    this.gate.end()
    this.stage.timeline.forget(this.gate)
    Deferred.doneUnsafe(this.over, Effect.void)
  }
}
