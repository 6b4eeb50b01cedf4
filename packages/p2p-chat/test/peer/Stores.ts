/** Stores to fill, and a naive one that says what is right. */
import { Duration } from "effect"
import * as ChatConfig from "../../src/ChatConfig.ts"
import type { Chat } from "../../src/codec/Message.ts"
import * as PeerId from "../../src/codec/PeerId.ts"
import * as Store from "../../src/peer/Store.ts"

export const id = (number: number) => PeerId.make(BigInt(number))
export const chat = (to: number, text = ""): Chat => ({ _tag: "Chat", from: id(1), to: id(to), text })
export const texts = (letters: ReadonlyArray<Store.Taken>) => letters.map(({ message }) => message.text)
export const empty = Store.bytesOf(chat(2))

export const make = (limits: Partial<Store.Limits> = {}) => {
  const store = Store.make(ChatConfig.make(limits))
  return {
    store,
    /** Puts a message of an origin's; `at` in milliseconds. */
    put: (origin: string, message: Chat, at = 0) => store.put(message, { origin, at })
  }
}

/** Takes at most `room` of what is kept for a receiver, and nothing back to `towards`. */
export const take = (store: Store.Store, to: number, room = Infinity, towards?: PeerId.PeerId) => {
  const taken: Array<Store.Taken> = []
  store.move(id(to), {
    get isFull() {
      return taken.length >= room
    },
    put: (letter) => taken.push(letter)
  }, towards)
  return taken
}

interface Row {
  readonly message: Chat
  readonly origin: string
  readonly at: number
}

const bytes = (rows: ReadonlyArray<Row>) => rows.reduce((sum, { message }) => sum + Store.bytesOf(message), 0)

const count = (rows: ReadonlyArray<Row>) => {
  const receivers = [...new Set(rows.map(({ message }) => message.to))]
  return receivers.map((to) => ({ to, messages: rows.filter(({ message }) => message.to === to).length }))
}

/** The same in as few words as possible, and slow. */
export const naive = ({ maxStored, maxStoredBytes, maxStoredFor }: Store.Limits) => {
  const lifetime = Duration.toMillis(maxStoredFor)
  let kept: ReadonlyArray<Row> = []
  const fits = (rows: ReadonlyArray<Row>) => rows.length <= maxStored && bytes(rows) <= maxStoredBytes
  const of = (origin: string) => kept.filter((row) => row.origin === origin)
  const weight = (rows: ReadonlyArray<Row>) => Math.max(rows.length / maxStored, bytes(rows) / maxStoredBytes)
  const remove = (gone: ReadonlyArray<Row>) => {
    kept = kept.filter((row) => !gone.includes(row))
    return gone
  }
  const makeRoom = (): ReadonlyArray<Row> => {
    if (fits(kept)) return []
    const others = kept.filter((row) => row.origin !== Store.self)
    const heaviest = Math.max(...others.map((row) => weight(of(row.origin))))
    const oldest = others.filter((row) => weight(of(row.origin)) === heaviest).slice(0, 1)
    return [...remove(oldest), ...makeRoom()]
  }
  return {
    put: (message: Chat, { at, origin }: Store.Arrival): Store.Putting => {
      const newcomer = { message, origin, at: Math.max(at, ...kept.map((row) => row.at)) }
      if (!fits([...of(Store.self), newcomer])) return { kept: false, discarded: [] }
      kept = [...kept, newcomer]
      const gone = makeRoom()
      return { kept: !gone.includes(newcomer), discarded: count(gone.filter((row) => row !== newcomer)) }
    },
    take: (to: PeerId.PeerId, room: number) =>
      remove(kept.filter(({ message }) => message.to === to).slice(0, room)).map(({ message }) => message),
    expire: (now: number) => count(remove(kept.filter(({ at }) => at + lifetime <= now))),
    summary: () => ({
      size: kept.length,
      bytes: bytes(kept),
      earliest: (kept[0]?.at ?? Infinity) + lifetime,
      rows: count(kept).map(({ messages, to }) => ({ id: to, messages }))
    })
  }
}
