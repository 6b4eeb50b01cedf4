/** The state of a peer, step by step: what is queued for whom, what is stored, and what follows. */
import { assert, describe, it } from "@effect/vitest"
import { Exit, Latch } from "effect"
import * as ChatConfig from "../../../src/ChatConfig.ts"
import type { Chat, PeerMessage } from "../../../src/codec/Message.ts"
import * as Neighbours from "../../../src/peer/router/Neighbours.ts"
import * as RouterState from "../../../src/peer/router/RouterState.ts"
import * as Text from "../../../src/peer/router/Text.ts"
import * as Store from "../../../src/peer/store/Store.ts"
import { id, numbers } from "../Network.ts"
import { describeMessage, join, leave } from "../Raw.ts"

const chat = (from: number, to: number, text: string): Chat => ({ _tag: "Chat", from: id(from), to: id(to), text })
const valueOf = <A>(exit: Exit.Exit<A>): A => Exit.isSuccess(exit) ? exit.value : assert.fail("no success")

/** The state of peer 1 in a variable, with these joiners. Each step gives its events in a few words. */
const peer = (joiners: ReadonlyArray<number>, config: Partial<ChatConfig.ChatConfig> = {}) => {
  let state = RouterState.empty(id(1), ChatConfig.make(config))
  const filled = new Map<number, Latch.Latch>()
  const events = () => {
    const { events } = state
    state = { ...state, events: [] }
    return events.map((event) => {
      if (event._tag === "Message") {
        return `${event.from} to ${event.to}: ${event.data} (${event.sender} via ${event.via})`
      }
      if (event._tag === "Sent") return `Sent ${event.data}: ${event.result._tag}`
      if (event._tag === "Discarded") return `Discarded ${event.messages} for ${event.to}: ${event.reason}`
      return `${event._tag} ${"peer" in event ? event.peer : ""}${"reason" in event ? `: ${event.reason}` : ""}`
    })
  }
  const one = {
    attach: (number: number, role: RouterState.Role = { _tag: "Joiner" }) => {
      const latch = Latch.makeUnsafe()
      filled.set(number, latch)
      const peer = { id: id(number), extended: true, host: `10.0.0.${number}`, role, filled: latch }
      const [exit, next] = Neighbours.attach(state, peer)
      state = next
      return Exit.isSuccess(exit) ? events() : "DuplicateId"
    },
    detach: (number: number) => {
      state = Neighbours.detach(state, id(number), { reason: "PeerClosed", at: 0 })
      return events()
    },
    receive: (number: number, ...messages: ReadonlyArray<PeerMessage>) => {
      const [exit, next] = Neighbours.receive(state, id(number), { messages, at: 0 })
      state = next
      return Exit.isSuccess(exit) ? events() : "TooMany"
    },
    send: (to: number, texts: readonly [string, ...ReadonlyArray<string>], room?: Latch.Latch) => {
      const [first, ...others] = texts
      const all = [chat(1, to, first), ...others.map((text) => chat(1, to, text))] as const
      const [exit, next] = Text.send(state, all, { at: 0, room })
      state = next
      return { ...valueOf(exit), events: events() }
    },
    take: (number: number, most = Infinity) => {
      const [exit, next] = Neighbours.take(state, id(number), most)
      state = next
      return valueOf(exit).map(describeMessage)
    },
    expire: (at: number) => {
      state = Text.expire(state, at)
      return events()
    },
    close: () => {
      state = { ...state, closed: true }
    },
    stored: () => Store.rows(state.store).map(({ id, messages }) => `${messages} for ${id}`),
    joiners: () => [...state.neighbours.values()].filter(({ role }) => role._tag === "Joiner").length,
    departed: () => [...state.departed.keys()],
    queued: (number: number) => state.neighbours.get(id(number))?.queue.texts.length,
    /** Whose senders go on, and whether `room` is opened. */
    opened: (room?: Latch.Latch) => {
      const { opened } = state
      state = { ...state, opened: [] }
      return opened.map((latch) => latch === room ? "room" : [...filled].find(([, other]) => other === latch)?.[0])
    }
  }
  for (const number of joiners) {
    one.attach(number)
    one.take(number)
  }
  for (const number of joiners) one.take(number)
  one.opened()
  return one
}

describe("a neighbour", () => {
  it("that comes is sent what is stored for it, then announcements of all others, who get one of it", () => {
    const one = peer([2])
    one.send(3, ["kept"])
    assert.deepStrictEqual(one.attach(3), ["Joined 3"])
    assert.sameMembers(one.opened(), [2, 3])
    assert.deepStrictEqual(one.take(3), ["1 to 3: kept", "JOIN 2"])
    assert.deepStrictEqual([one.take(2), one.take(2), one.stored()], [["JOIN 3"], [], []])
    assert.strictEqual(one.joiners(), 2)
  })

  it("is not taken in under an id that is taken, the peer's own among them", () => {
    const one = peer([2])
    one.receive(2, join(20, 2))
    assert.deepStrictEqual([1, 2, 20].map((number) => one.attach(number)), Array(3).fill("DuplicateId"))
  })

  it("that has left is remembered with 255 others, and then the oldest of them is forgotten", () => {
    const one = peer([])
    const leave = (number: number) => {
      one.attach(number)
      one.detach(number)
    }
    for (const number of numbers(2, 256)) leave(number)
    assert.deepStrictEqual(one.departed(), numbers(2, 256).map(id))
    leave(300)
    assert.deepStrictEqual(one.departed(), [...numbers(3, 255), 300].map(id))
  })

  it("that was joined is reported with its address, and is no joiner", () => {
    const one = peer([])
    assert.deepStrictEqual(one.attach(2, { _tag: "Server", address: "10.0.0.2:5000" }), ["Connected 2", "Joined 2"])
    assert.strictEqual(one.joiners(), 0)
    assert.deepStrictEqual(one.detach(2), ["Left 2: PeerClosed", "Closed 2: PeerClosed"])
  })

  it("that goes takes everybody behind it along; its text takes another way, or is stored", () => {
    const one = peer([2, 3], { maxOutbox: 2 })
    one.receive(2, join(20, 2), join(21, 2))
    one.receive(3, join(20, 3, 5))
    one.send(20, ["a", "b"])
    assert.deepStrictEqual(one.send(20, ["c"]).results, [{ _tag: "Buffered" }])
    assert.deepStrictEqual(one.detach(2), ["Left 2: PeerClosed", "Left 21: NextHopLeft"])
    assert.deepStrictEqual([one.take(3).slice(0, 2), one.take(3)], [["1 to 20: a", "1 to 20: b"], ["1 to 20: c"]])
    one.detach(3)
    assert.deepStrictEqual([one.detach(3), one.take(3), one.receive(3, join(9, 3))], [[], [], []])
  })

  it("that goes because this peer leaves is no news", () => {
    const one = peer([2, 3])
    one.close()
    assert.deepStrictEqual([one.detach(2), one.take(3)], [[], []])
  })

  it("that announces more than there may be fails, and what is within bounds counts", () => {
    const one = peer([2], { maxPeers: 1 })
    assert.strictEqual(one.receive(2, join(20, 2), join(21, 2)), "TooMany")
    assert.deepStrictEqual(one.receive(2, leave(20), chat(9, 1, "hi")), [
      "Joined 20",
      "Left 20: Withdrawn",
      "9 to 1: hi (Relayed via 2)"
    ])
  })
})

describe("text", () => {
  it("for this peer is delivered in its order among announcements", () => {
    const one = peer([2])
    const messages = [chat(2, 1, "a"), join(20, 2), chat(20, 1, "b"), chat(1, 1, "c"), leave(20), chat(20, 1, "d")]
    assert.deepStrictEqual(one.receive(2, ...messages), [
      "2 to 1: a (Verified via 2)",
      "Joined 20",
      "20 to 1: b (Relayed via 2)",
      "1 to 1: c (Mismatch via 2)",
      "Left 20: Withdrawn",
      "20 to 1: d (Relayed via 2)"
    ])
  })

  it("for another is queued for the next hop, whose sender goes on once", () => {
    const one = peer([2, 3])
    assert.deepStrictEqual(one.receive(2, chat(2, 3, "a"), chat(2, 3, "b"), chat(9, 3, "c")), [])
    assert.deepStrictEqual([one.opened(), one.queued(3)], [[3], 3])
    assert.deepStrictEqual(one.take(3, 2), ["2 to 3: a", "2 to 3: b"])
    assert.deepStrictEqual([one.opened(), one.take(3), one.opened()], [[3], ["9 to 3: c"], []])
  })

  it("is stored rather than sent back, until the neighbour announces the receiver anew", () => {
    const one = peer([2])
    one.receive(2, join(20, 2), chat(2, 20, "back"))
    assert.deepStrictEqual([one.take(2), one.stored()], [[], ["1 for 20"]])
    one.send(20, ["on"])
    assert.deepStrictEqual(one.take(2), ["1 to 20: on"])
    one.receive(2, join(20, 2))
    assert.deepStrictEqual([one.take(2), one.stored()], [["2 to 20: back"], []])
  })

  it("that finds no room waits in the store behind what is there, one receiver after another", () => {
    const one = peer([2, 3], { maxOutbox: 2 })
    one.receive(3, join(30, 3), join(31, 3))
    one.receive(2, ...["a", "b", "c", "d"].map((text) => chat(2, 30, text)), chat(2, 31, "e"), chat(2, 30, "f"))
    assert.deepStrictEqual([one.queued(3), one.stored()], [2, ["3 for 30", "1 for 31"]])
    const turns = Array.from({ length: 4 }, () => one.take(3).map((words) => words.replace("2 to ", "")))
    assert.deepStrictEqual(turns, [["30: a", "30: b"], ["30: c", "30: d"], ["31: e", "30: f"], []])
    assert.deepStrictEqual(one.stored(), [])
  })

  it("finds room as long as the bytes before it leave some", () => {
    const one = peer([2], { maxOutboxBytes: 2 * Store.bytesOf(chat(1, 2, "a")) })
    one.receive(2, join(20, 2))
    assert.deepStrictEqual(one.send(20, ["a", "b", "c"], Latch.makeUnsafe()).results.length, 2)
    assert.deepStrictEqual(["c", "d"].map((text) => one.send(20, [text]).results[0]?._tag), ["Buffered", "Buffered"])
    assert.deepStrictEqual([one.take(2).length, one.take(2)], [2, ["1 to 20: c", "1 to 20: d"]])
  })

  it("of this peer's own waits for room when it is to, and is sent as far as there is any", () => {
    const one = peer([2], { maxOutbox: 2 })
    const room = Latch.makeUnsafe()
    const delivered = { _tag: "Delivered", nextHop: id(2) } as const
    assert.deepStrictEqual(one.send(2, ["a", "b", "c"], room).results, [delivered, delivered])
    assert.deepStrictEqual(one.send(2, ["c"], room), { results: [], refused: false, events: [] })
    assert.deepStrictEqual([one.opened(room), one.take(2, 1), one.opened(room)], [[2], ["1 to 2: a"], ["room", 2]])
    assert.deepStrictEqual(one.send(2, ["c"], room).events, ["Sent c: Delivered"])
    one.send(2, ["d"], room)
    one.detach(2)
    assert.deepStrictEqual([one.opened(room), one.stored()], [["room"], ["2 for 2"]])
  })

  it("of this peer's own is stored up to the bound, and reported before what it displaced", () => {
    const one = peer([2], { maxStored: 2 })
    one.receive(2, chat(2, 20, "old"))
    const sending = one.send(21, ["a", "b", "c"])
    assert.deepStrictEqual([sending.results.length, sending.refused], [2, true])
    assert.deepStrictEqual(sending.events, ["Sent a: Buffered", "Sent b: Buffered", "Discarded 1 for 20: BufferFull"])
    assert.deepStrictEqual(one.receive(2, chat(2, 20, "new")), ["Discarded 1 for 20: BufferFull"])
    assert.deepStrictEqual(one.stored(), ["2 for 21"])
  })

  it("that was stored for too long is given up", () => {
    const one = peer([], { maxStored: 9 })
    one.send(20, ["a", "b"])
    assert.deepStrictEqual([one.expire(3_599_999), one.expire(3_600_000)], [[], ["Discarded 2 for 20: Expired"]])
  })
})
