/** How a simulation is told to people: what hosts did alike is one line, a fault is a sentence. */
import { assert, describe, it } from "@effect/vitest"
import type { Fault, Host } from "@peerage/simulate"
import { none } from "../../src/room/Style.ts"
import * as Chart from "../../src/simulate/Chart.ts"
import type { Entry } from "../../src/simulate/Notes.ts"
import { knowing, linesOf, print } from "../../src/simulate/Story.ts"
import { faultInWords, ranges, undoneInWords } from "../../src/simulate/Words.ts"

const told = (at: number, on: string, did: string, whom?: string, after?: string): Entry => ({
  _tag: "Event",
  at,
  on,
  event: { _tag: "Any" },
  told: { did, whom, after }
})

const printed = (entries: ReadonlyArray<Entry>) => linesOf(none, entries).map((line) => print(none, line).trim())

describe("a story", () => {
  it("puts together what one host did to several, and what several did to one", () => {
    const lines = printed([
      told(3, "2", "lost", "1", ": gone"),
      told(1, "1", "lost", "2", ": gone"),
      told(4, "3", "lost", "1", ": gone"),
      told(2, "1", "lost", "3", ": gone"),
      told(5, "4", "joined", "1"),
      { _tag: "Event", at: 6, on: "4", event: { _tag: "Silent" } }
    ])
    assert.deepStrictEqual(lines, [
      "0.00s    1 lost 2,3: gone",
      "0.00s    2,3 lost 1: gone",
      "0.01s    4 joined 1"
    ])
  })

  it("tells what was expected, and what is so", () => {
    const expectation = { at: 1, host: "1", knows: 2 }
    const judged = { _tag: "Expected", at: 1, expectation, instead: "1 knows 3", trace: [] } as const
    assert.deepStrictEqual(printed([{ ...judged, cameTrue: true }, { ...judged, cameTrue: false }]), [
      "0.00s  ✓ 1 knows 2, as expected",
      "0.00s  ✗ 1 knows 2 was expected, but 1 knows 3"
    ])
  })

  it("lets no control character of a message through", () => {
    assert.notInclude(printed([told(1, "1", "heard \"\u001B[2J\" from", "2", "\u001B")]).join(""), "\u001B")
  })

  it("says who knows whom, those alike together", () => {
    const state = (name: string, knows: ReadonlyArray<string>, status: Host.Status = "Running") => ({
      name,
      knows,
      status
    })
    assert.strictEqual(knowing([state("1", ["2"]), state("2", ["1"])]), "1,2 know each other")
    assert.strictEqual(
      knowing([state("1", ["2"]), state("2", ["1", "3"]), state("3", []), state("4", []), state("5", [], "Killed")]),
      "1 knows 2; 2 knows 1,3; 3,4 know nobody; 5 is without power"
    )
  })
})

describe("many hosts", () => {
  it("are counted where their names would be a long list", () => {
    const odd = Array.from({ length: 30 }, (_, index) => `${index * 2 + 1}`)
    const states = odd.map((name) => ({ name, status: "Running" as const, knows: [...odd, "2"] }))
    assert.strictEqual(
      knowing([...states, { name: "2", status: "Running", knows: odd.slice(1) }]),
      "30 hosts know 32 hosts; 2 knows 29 hosts"
    )
  })
})

describe("names and faults in words", () => {
  it("writes names as ranges", () => {
    assert.strictEqual(ranges(["10", "2", "1", "3", "7", "8", "2"]), "1-3,7,8,10")
    assert.strictEqual(ranges([]), "")
  })

  for (
    const [fault, begun, undone] of [
      [
        { cut: ["1-3", "4, 5"], for: "15 seconds" },
        "1-3 and 4,5 are cut off from each other, for 15s",
        "1-3 and 4,5 reach each other again"
      ],
      [{ cut: ["1", "2"], oneWay: true }, "nothing from 1 reaches 2", "1 and 2 reach each other again"],
      [{ heal: "all" }, "the network is whole again", ""],
      [{ kill: "2", for: 1500 }, "2 lost power, for 1s 500ms", "2 has power again"],
      [{ pause: "2" }, "2 froze", "2 goes on"],
      [{ clog: "2" }, "2 stopped reading", "2 reads again"],
      [{ fill: "all" }, "all has a full disk", "all has room on its disk again"],
      [
        { link: ["1", "all"], loss: 0.25, latency: 200 },
        "1 and all have another link: latency 200ms, 25 % lost",
        "1 and all have the link of before"
      ]
    ] satisfies ReadonlyArray<readonly [Fault.Fault, string, string]>
  ) {
    it(`says ${begun}`, () => {
      assert.strictEqual(faultInWords(fault), begun)
      if (undone !== "") assert.strictEqual(undoneInWords(fault), undone)
    })
  }
})

describe("a chart", () => {
  const packet = (at: number, from: string, to: string, text: string) => ({
    at,
    arrives: at + 1,
    from: `10.0.0.${from}:4702`,
    to: `10.0.0.${to}:50000`,
    kind: "DATA" as const,
    length: text.length,
    bytes: new TextEncoder().encode(text),
    fate: "Sent" as const,
    again: false
  })

  it("has a lane for each host, in the order asked for, and counts what comes again, anew after each line", () => {
    const packets = [
      packet(1000, "6", "1", "a"),
      packet(2000, "6", "1", "a"),
      packet(2500, "6", "2", "b"),
      packet(3000, "6", "1", "a")
    ]
    const lines = [
      { at: 2600, hosts: [], text: "! a fault" },
      { at: 2700, hosts: ["2"], text: "of another host" },
      { at: 4000, hosts: ["1"], text: "at the end" }
    ]
    const rows = Chart.chart(packets, lines, ["1", "6"])
    assert.match(rows[0] ?? "", /^ {12}host 1 +host 6$/)
    assert.match(rows[1] ?? "", /^ {4}1\.00s {3}\|<-+ DATA 1 "a" -+\| {2}:4702 -> :50000$/)
    assert.deepStrictEqual(rows.slice(2, 4), ["           ⋮ 1 more of these, until 2.00s", "    2.60s  ! a fault"])
    assert.match(rows[4] ?? "", /^ {4}3\.00s .* DATA 1 "a"/)
    assert.deepStrictEqual(rows.slice(5), ["    4.00s  at the end"])
  })

  it("is the lines alone where there are no packets", () => {
    assert.deepStrictEqual(Chart.chart([], [{ at: 1000, hosts: [], text: "alone" }], ["1"]), ["    1.00s  alone"])
  })
})
