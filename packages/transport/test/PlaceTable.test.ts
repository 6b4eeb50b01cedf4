import { assert, describe, it } from "@effect/vitest"
import { Places } from "@peerage/transport"

/** Places, and what became of those who came, in words. Each is silent from the moment it comes, unless told otherwise. */
const scene = (options: Omit<Places.Options, "of">) => {
  const places = new Places.Places({ of: "guests", ...options })
  const told: Array<string> = []
  let now = 0
  const come = (host: string, { name = host, stays = false } = {}) => {
    const since = now++
    const guest: Places.Guest = {
      host,
      silentSince: () => stays ? undefined : since,
      entered: () => told.push(`${name} in`),
      dropped: ({ of }) => told.push(`${name} out: ${of}`)
    }
    const refused = places.enter(guest)
    if (refused !== undefined) told.push(`${name} refused: ${refused.of}, ${refused.limit}`)
    return () => places.leave(guest)
  }
  return { come, places, news: () => told.splice(0) }
}

const networkOf = (network: number) => `10.1.${network}`

describe("places", () => {
  it("are limited for each address, for each network, and in all", () => {
    const { come, news, places } = scene({ all: 4, perAddress: 2, perNetwork: 3 })
    for (const host of ["10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.1.1"]) come(host)
    news()
    for (const host of ["10.0.0.1", "10.0.0.3", "10.0.1.2"]) come(host)
    assert.deepStrictEqual(news(), [
      "10.0.0.1 refused: guests from 10.0.0.1, 2",
      "10.0.0.1 out: guests from 10.0.0.0/24",
      "10.0.0.3 in",
      "10.0.1.2 refused: guests, 4"
    ])
    assert.deepStrictEqual(
      ["10.0.0.2", "10.0.1.1", "10.0.9.1"].map((host) => places.refuses({ host, silentSince: () => undefined })?.of),
      ["guests from 10.0.0.0/24", "guests", "guests"]
    )
  })

  it("count the addresses of an IPv6 site together", () => {
    assert.strictEqual(Places.networkOf("2001:db8:1:2:3:4:5:6"), Places.networkOf("2001:db8:1:2::1"))
    assert.notStrictEqual(Places.networkOf("2001:db8:1:2::1"), Places.networkOf("2001:db8:1:3::1"))
  })

  it("are taken by link-local addresses of IPv6 too, which name their interface", () => {
    const { come, news } = scene({ all: 4, perAddress: 2, perNetwork: 2 })
    for (const host of ["fe80::1%4", "fe80::2%5", "fe80::3%4"]) come(host, { stays: true })
    assert.deepStrictEqual(news(), ["fe80::1%4 in", "fe80::2%5 in", "fe80::3%4 refused: guests from fe80::/64, 2"])
  })

  it("are free again when somebody leaves, once", () => {
    const { come, news } = scene({ all: 1 })
    const leave = come("10.0.0.1", { stays: true })
    leave()
    leave()
    come("10.0.0.2", { stays: true })
    come("10.0.0.3")
    assert.deepStrictEqual(news(), ["10.0.0.1 in", "10.0.0.2 in", "10.0.0.3 refused: guests, 1"])
  })
})

describe("a newcomer to places that are all taken", () => {
  it("takes that of the longest silent at the address with the most", () => {
    const { come, news } = scene({ all: 4 })
    come("10.0.0.1")
    come("10.0.0.2", { name: "busy", stays: true })
    come("10.0.0.2", { name: "second" })
    come("10.0.0.2", { name: "third" })
    news()
    come("10.0.0.9")
    assert.deepStrictEqual(news(), ["second out: guests", "10.0.0.9 in"])
  })

  it("takes none of an address that would be left with fewer, so that two never take turns", () => {
    const { come, news } = scene({ all: 3 })
    for (const host of ["10.0.0.1", "10.0.0.1", "10.0.0.2"]) come(host)
    news()
    come("10.0.0.2")
    come("10.0.0.1")
    assert.deepStrictEqual(news(), ["10.0.0.2 refused: guests, 3", "10.0.0.1 refused: guests, 3"])
  })

  it("takes the only place of another where strangers are let in, first in the fullest network", () => {
    const { come, news } = scene({ all: 3, lead: 1 })
    for (const host of ["10.0.1.1", "10.0.2.1", "10.0.2.2"]) come(host)
    news()
    come("10.0.9.1")
    assert.deepStrictEqual(news(), ["10.0.2.1 out: guests", "10.0.9.1 in"])
  })

  it("gets one though a thousand addresses come all the time", () => {
    const { come, news } = scene({ all: 256, perAddress: 32, perNetwork: 224, lead: 1 })
    for (let index = 0; index < 1000; index++) come(`${networkOf(index % 100)}.${index}`)
    news()
    come("192.0.2.1")
    for (let index = 0; index < 255; index++) come(`${networkOf(index % 100)}.${index}`)
    assert.notInclude(news().join(), "192.0.2.1 out")
  })
})

describe("a newcomer from the address that holds the places", () => {
  it("takes that of one that was silent for much longer, and of no other", () => {
    const { come, news } = scene({ all: 9, perAddress: 3, patience: 2 })
    come("10.0.0.1", { name: "busy", stays: true })
    come("10.0.0.1", { name: "second" })
    come("10.0.0.1", { name: "third" })
    come("10.0.0.1", { name: "early" })
    come("10.0.0.1", { name: "late" })
    come("10.0.0.1", { name: "next" })
    assert.deepStrictEqual(news().slice(3), [
      "early refused: guests from 10.0.0.1, 3",
      "second out: guests from 10.0.0.1",
      "late in",
      "third out: guests from 10.0.0.1",
      "next in"
    ])
  })

  it("takes one where there is no other room, of whichever bound", () => {
    const { come, news } = scene({ all: 2, patience: 1 })
    come("10.0.0.1", { name: "a1" })
    come("10.0.0.2", { name: "b1" })
    come("10.0.0.2", { name: "b2" })
    come("10.0.0.2", { name: "b3" })
    assert.deepStrictEqual(news().slice(2), ["b2 refused: guests, 2", "b1 out: guests", "b3 in"])
  })

  it("takes a turn to wait in the same way", () => {
    const { come, news, places } = scene({ all: 1, patience: 1, waiting: { all: 9, perAddress: 1 } })
    come("10.0.0.1", { name: "a1", stays: true })
    come("10.0.0.2", { name: "b1" })
    come("10.0.0.2", { name: "b2" })
    assert.strictEqual(places.refuses({ host: "10.0.0.2", silentSince: () => 2 })?.of, "waiting guests from 10.0.0.2")
    assert.isUndefined(places.refuses({ host: "10.0.0.2", silentSince: () => 3 }))
    come("10.0.0.2", { name: "b3" })
    assert.deepStrictEqual(news().slice(1), [
      "b2 refused: waiting guests from 10.0.0.2, 1",
      "b1 out: waiting guests from 10.0.0.2"
    ])
  })
})

describe("those who wait", () => {
  it("get places in turn by address, however many wait at one", () => {
    const { come, news } = scene({ all: 1, waiting: { all: 10 } })
    const guests = new Map(
      ["a1", "b1", "b2", "b3", "c1", "c2"].map((name) => [name, come(`10.0.0.${name.charCodeAt(0)}`, { name })])
    )
    const order: Array<string> = []
    for (let [next] = news(); next !== undefined; [next] = news()) {
      const name = next.replace(" in", "")
      order.push(name)
      guests.get(name)?.()
    }
    assert.deepStrictEqual(order, ["a1", "b1", "c1", "b2", "c2", "b3"])
  })

  it("get them first at an address that holds fewer, and only where its own bounds have room", () => {
    const { come, news } = scene({ all: 3, perAddress: 2, waiting: { all: 10 } })
    const [first] = ["a1", "a2"].map((name) => come("10.0.0.1", { name, stays: true }))
    const other = come("10.0.0.2", { name: "b1", stays: true })
    come("10.0.0.1", { name: "a3" })
    come("10.0.0.3", { name: "c1" })
    news()
    other()
    assert.deepStrictEqual(news(), ["c1 in"])
    first?.()
    assert.deepStrictEqual(news(), ["a3 in"])
  })

  it("are limited too: a newcomer takes the turn of one at the address with the most", () => {
    const { come, news } = scene({ all: 1, waiting: { all: 3, perAddress: 2 } })
    const leave = come("10.0.0.1", { name: "a1", stays: true })
    for (const name of ["b1", "b2", "b3"]) come("10.0.0.2", { name })
    come("10.0.0.3", { name: "c1" })
    come("10.0.0.4", { name: "d1" })
    assert.deepStrictEqual(news(), [
      "a1 in",
      "b3 refused: waiting guests from 10.0.0.2, 2",
      "b1 out: waiting guests"
    ])
    leave()
    assert.deepStrictEqual(news(), ["b2 in"])
  })
})
