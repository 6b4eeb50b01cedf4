/** A store in a variable, and a naive one that says what is right. */
import { Duration } from "effect"
import * as ChatConfig from "../../../src/ChatConfig.ts"
import type { Chat } from "../../../src/codec/Message.ts"
import type { PeerId } from "../../../src/codec/PeerId.ts"
import * as Store from "../../../src/peer/store/Store.ts"
import { id } from "../Network.ts"

export const chat = (to: number, text = ""): Chat => ({ _tag: "Chat", from: id(1), to: id(to), text })
export const empty = Store.bytesOf(chat(2))

/** What a store has, as far as others see it. */
export interface Summary {
  readonly size: number
  readonly bytes: number
  readonly earliest: number
  readonly rows: ReturnType<typeof Store.rows>
}

/** A store, changed by each of its functions. */
export const make = (limits: Partial<Store.Limits> = {}) => {
  let store = Store.empty(ChatConfig.make(limits))
  return {
    put: (origin: string, message: Chat, at = 0, from?: PeerId) => {
      const { discarded, store: next, stored } = Store.put(store, message, {
        origin,
        at,
        ...from !== undefined && { from }
      })
      store = next
      return { stored, discarded }
    },
    /** The texts that are taken for a receiver, at most `messages` of them, and nothing back to `towards`. */
    take: (to: number, messages = Infinity, towards?: PeerId) => {
      const [taken, rest] = Store.take(store, id(to), { room: { messages, bytes: Infinity }, towards })
      store = rest
      return taken.map(({ message }) => message.text)
    },
    free: (to: number) => {
      store = Store.free(store, id(to))
    },
    expire: (now: number) => {
      const [expired, rest] = Store.expire(store, now)
      store = rest
      return expired
    },
    has: (to: number) => Store.has(store, id(to)),
    receivers: () => Store.rows(store).map((row) => row.id),
    summary: (): Summary => ({
      size: store.size,
      bytes: store.bytes,
      earliest: Store.earliest(store),
      rows: Store.rows(store)
    })
  }
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
  let latest = -Infinity
  const fits = (rows: ReadonlyArray<Row>) => rows.length <= maxStored && bytes(rows) <= maxStoredBytes
  const of = (origin: string) => kept.filter((row) => row.origin === origin)
  const weight = (rows: ReadonlyArray<Row>) => Math.max(rows.length / maxStored, bytes(rows) / maxStoredBytes)
  const remove = (gone: ReadonlyArray<Row>) => {
    kept = kept.filter((row) => !gone.includes(row))
    return gone
  }
  const makeRoom = (): ReadonlyArray<Row> => {
    if (fits(kept)) return []
    const others = kept.filter((row) => row.origin !== Store.own)
    const heaviest = Math.max(...others.map((row) => weight(of(row.origin))))
    const oldest = others.filter((row) => weight(of(row.origin)) === heaviest).slice(0, 1)
    return [...remove(oldest), ...makeRoom()]
  }
  return {
    put: (origin: string, message: Chat, at: number) => {
      const row = { message, origin, at: Math.max(at, latest) }
      if (!fits([...of(Store.own), row])) return { stored: false, discarded: [] }
      latest = row.at
      kept = [...kept, row]
      const gone = makeRoom()
      return { stored: !gone.includes(row), discarded: count(gone.filter((other) => other !== row)) }
    },
    take: (to: number, room: number) =>
      remove(kept.filter(({ message }) => message.to === id(to)).slice(0, room)).map(({ message }) => message.text),
    expire: (now: number) => count(remove(kept.filter(({ at }) => at + lifetime <= now))),
    summary: (): Summary => ({
      size: kept.length,
      bytes: bytes(kept),
      earliest: (kept[0]?.at ?? Infinity) + lifetime,
      rows: count(kept).map(({ messages, to }) => ({ id: to, messages }))
    })
  }
}
