/** What is asked of every library alike, and how it is asked: the rounds of the side that dials. */
import { type Facts, of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"

/** A connection, and what is said over it. */
export interface Line {
  /** Sends a message, and resolves (or is undefined) when there is room for another. */
  readonly send: (message: Uint8Array) => Promise<unknown> | undefined
  /** Sends a message and waits for the one that answers it. */
  readonly ask: (message: Uint8Array) => Promise<unknown>
  readonly close: () => Promise<unknown>
}

/** A library, and the port of who is dialed. */
export interface Library {
  readonly open: () => Promise<Line>
  /** Opens a line that shares its connection with others, where the library can. */
  readonly share?: (() => Promise<Line>) | undefined
  /** Says one thing in a conversation of its own, and waits for the answer. */
  readonly converse: (message: Uint8Array) => Promise<unknown>
}

/**
 * What a job does in a round. Numbers, as programs are told numbers only. `meeting` is a conversation over a connection of
 * its own, `turns` are conversations one at a time, `streams` are idle and share a connection.
 */
export const tasks = {
  oneway: 0,
  pingpong: 1,
  conversation: 2,
  dials: 3,
  idle: 4,
  meeting: 5,
  turns: 6,
  bulk: 7,
  streams: 8
} as const

/** Conversations and dials at once. */
export const inFlight = 16

/** 100 bytes. */
export const message = new Uint8Array(100).fill(0x61)

const block = new Uint8Array(65_536).fill(0x61)

/** What is sent: 64 KiB for bulk, else 100 bytes. */
export const messageOf = (task: number): Uint8Array => task === tasks.bulk ? block : message

/** True for tasks of many messages that go over one connection, which stays. */
export const lasts = (task: number): boolean => task === tasks.oneway || task === tasks.bulk || task === tasks.pingpong

/** Whether it is as long as what was sent. Dies where it is not. */
export const check = (bytes: number): void => {
  if (bytes % message.length !== 0) throw new Error(`${bytes} bytes are no whole messages`)
}

const many = async (count: number, work: () => Promise<unknown>, atOnce: number = inFlight) => {
  let begun = 0
  const line = async () => {
    while (begun++ < count) await work()
  }
  await Promise.all(Array.from({ length: atOnce }, line))
}

const meet = async (library: Library) => {
  const line = await library.open()
  await line.ask(message)
  await line.close()
}

/** Runs the side that dials. */
export const drive = (make: (given: Facts) => Promise<Library>): void =>
  plain(async (given) => {
    const library = await make(given)
    const task = of(given, "task")
    const kept: Array<Line> = []
    const sent = messageOf(task)
    const line = lasts(task) ? await library.open() : undefined
    const round = async (count: number) => {
      if (task === tasks.conversation) return many(count, () => library.converse(message))
      if (task === tasks.dials) return many(count, async () => (await library.open()).close())
      if (task === tasks.meeting) return many(count, () => meet(library), 1)
      if (task === tasks.turns) return many(count, () => library.converse(message), 1)
      if (task === tasks.idle) return many(count, async () => kept.push(await library.open()))
      if (task === tasks.streams) return many(count, async () => kept.push(await (library.share ?? library.open)()))
      for (let times = 0; times < count; times++) {
        const done = task === tasks.pingpong ? line?.ask(sent) : line?.send(sent)
        if (done !== undefined) await done
      }
    }
    return {
      round: async ({ count = 0 }) => {
        const begun = performance.now()
        await round(count)
        return { roundTrip: (performance.now() - begun) / count * 1000 }
      }
    }
  })
