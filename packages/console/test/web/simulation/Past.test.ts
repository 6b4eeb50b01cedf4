/** How a network was at a moment, and who talked to whom. */
import { assert, describe, it } from "@effect/vitest"
import { conversationAt } from "../../../web/simulation/conversation.ts"
import { marksOf, seconds } from "../../../web/simulation/moments.ts"
import { asOf, hostsAt, lastUntil, noteTalks, type Talks, wiresAt } from "../../../web/simulation/past.ts"
import { host, packet } from "./Kit.ts"

describe("the past", () => {
  it("is the last change that is not after the moment", () => {
    const changes = [{ at: 5 }, { at: 7 }, { at: 7 }, { at: 9 }]
    assert.deepStrictEqual([0, 5, 6, 7, 8, 100].map((moment) => lastUntil(changes, moment)), [-1, 0, 0, 2, 2, 3])
    assert.deepStrictEqual(asOf(changes, 8), { at: 7 })
    assert.deepStrictEqual(asOf(changes, 0), { at: 5 })
    assert.isUndefined(asOf([], 1))
  })

  it("has each host as it was", () => {
    const histories = new Map([["10", [host("10", 0)]], ["2", [host("2", 0), host("2", 50, ["1"]), host("2", 60)]]])
    assert.deepStrictEqual(hostsAt(histories, 55).map(({ knows, name }) => [name, knows]), [["2", ["1"]], ["10", []]])
  })
})

describe("links", () => {
  it("are those with traffic of late, the later the brighter, and those that are cut", () => {
    const packets = [
      packet({ at: 0, from: "5", to: "6" }),
      packet({ at: 2000, from: "3", to: "1" }),
      packet({ at: 9000, from: "2", to: "1" }),
      packet({ at: 9001, to: "all" }),
      packet({ at: 9002, from: "8", to: "9", dropped: "lost" }),
      packet({ at: 9900, from: "1", to: "2" }),
      packet({ at: 9950, from: "4", to: "1" })
    ]
    const cuts = [{ from: "1", to: "3" }, { from: "3", to: "1" }, { from: "7", to: "1" }]
    assert.deepStrictEqual(wiresAt({ packets, talks: new Map() }, cuts, 9900), [
      { key: "1 2", a: "1", b: "2", level: 4, cut: "no" },
      { key: "1 3", a: "1", b: "3", level: 0, cut: "both" },
      { key: "1 7", a: "1", b: "7", level: 0, cut: { from: "7" } }
    ])
  })
})

describe("connections", () => {
  it("are drawn for as long as they are open, whatever goes over them", () => {
    const packets = [
      packet({ at: 0, from: "1", to: "2", kind: "open" }),
      packet({ at: 5, from: "2", to: "1" }),
      packet({ at: 6, from: "3", to: "1" }),
      packet({ at: 7, from: "3", to: "1", kind: "close", dropped: "lost" }),
      packet({ at: 20_000, from: "1", to: "2", kind: "close" })
    ]
    const talks: Talks = new Map()
    for (const one of packets) noteTalks(talks, [one])
    const at = (moment: number) => wiresAt({ packets, talks }, [], moment).map(({ key, level }) => [key, level])
    assert.deepStrictEqual(at(-1), [])
    assert.deepStrictEqual(at(19_000), [["1 2", 0], ["1 3", 0]])
    assert.deepStrictEqual(at(20_000), [["1 2", 4], ["1 3", 0]])
    assert.deepStrictEqual(at(40_000), [["1 3", 0]])
  })
})

describe("a conversation", () => {
  it("has the latest thirteen packets between at most four hosts", () => {
    const packets = Array.from({ length: 40 }, (_, at) => packet({ at, from: "1", to: String(2 + at % 9) }))
    const { hosts, packets: shown } = conversationAt(packets, { moment: 30, about: undefined, handshakes: false })
    assert.lengthOf(shown, 13 > shown.length ? shown.length : 13)
    assert.isAtMost(hosts.length, 4)
    assert.isTrue(shown.every(({ at, from, to }) => at <= 30 && hosts.includes(from) && hosts.includes(to)))
    assert.deepStrictEqual(shown.map(({ at }) => at), shown.map(({ at }) => at).sort((one, other) => one - other))
  })

  it("is that of one host, when one is picked", () => {
    const packets = [packet({ at: 1, from: "3", to: "4" }), packet({ at: 2, from: "3", to: "1" })]
    const choice = { moment: 5, about: "1", handshakes: false }
    assert.deepStrictEqual(conversationAt(packets, choice), { hosts: ["1", "3"], packets: packets.slice(1) })
  })

  it("leaves out handshakes unless they are asked for or were dropped, and what is told twice", () => {
    const packets = [
      packet({ at: 1, kind: "open" }),
      packet({ at: 2, kind: "open", dropped: "cut" }),
      packet({ at: 3, arrives: 9 }),
      packet({ at: 9, dropped: "down" }),
      packet({ at: 9, to: "all", kind: "datagram" })
    ]
    const shown = (handshakes: boolean) =>
      conversationAt(packets, { moment: 10, about: undefined, handshakes }).packets.map(({ at }) => at)
    assert.deepStrictEqual(shown(false), [2, 9])
    assert.deepStrictEqual(shown(true), [1, 2, 9])
  })
})

describe("a slider", () => {
  it("has a mark for each fault and what was expected, and none for what hosts say", () => {
    const notes = [
      { n: 0, at: 100, kind: "event", text: "" },
      { n: 1, at: 200, kind: "fault", text: "" },
      { n: 2, at: 900, kind: "kept", text: "" }
    ] as const
    assert.deepStrictEqual(marksOf(notes, 0, 800), [{ n: 1, part: 0.25, kind: "fault" }])
    assert.strictEqual(seconds(26_300), "26.30 s")
  })
})
