/** What is measured: a job, who does it, and what the comparison must reach. */

/** What one round of one contender gave. */
export interface Measurement {
  /** In the job's unit. */
  readonly value: number
  /** Microseconds of CPU per message (or whatever the job counts), of the sides that are compared. */
  readonly cpuMicros?: number | undefined
  /** Largest resident memory so far of the sides that are compared, in bytes. */
  readonly peakBytes?: number | undefined
}

/** Somebody who is ready to do a job, again and again. */
export interface Ready {
  readonly round: () => Promise<Measurement>
  readonly close: () => Promise<void>
}

/** A way to do a job. */
export interface Contender {
  readonly name: string
  /** Starts what is needed. `scale` is 1, or less for a quick look: it multiplies how much there is to do. */
  readonly open: (scale: number) => Promise<Ready>
  /** Why it cannot take part here, if so; asked before it is opened. */
  readonly absent?: (() => Promise<string | undefined>) | undefined
}

/** What ours must reach against another contender, of medians. */
export interface Target {
  readonly against: string
  /** The ratio: at least this where more is better, at most where less is (of CPU, it always is). */
  readonly ratio?: number | undefined
  /** Or the difference: at most this, in the job's unit, where less is better. */
  readonly beyond?: number | undefined
  /** Default: the job's value. */
  readonly of?: "value" | "cpu" | undefined
}

/** Something to be done in several ways, measured in one run. */
export interface Job {
  /** What `npm run bench -- NAME` calls it. */
  readonly name: string
  readonly title: string
  /** Of `value`: "messages/s", "MB/s", "us", "KB". */
  readonly unit: string
  readonly better: "more" | "less"
  /** Ours comes first. */
  readonly contenders: readonly [ours: Contender, ...others: ReadonlyArray<Contender>]
  readonly targets: ReadonlyArray<Target>
  /** No round to warm up, where each is as cold as the other or long enough not to care. */
  readonly cold?: boolean | undefined
  /**
   * Rounds of each contender that warm up and do not count, where a round is too short for one to make a program as warm as
   * one that runs for long; default 1.
   */
  readonly warmUps?: number | undefined
  /** A bound on the value itself, for what no other program does. */
  readonly bound?: number | undefined
}
