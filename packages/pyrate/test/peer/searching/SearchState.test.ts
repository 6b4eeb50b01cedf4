/** What a peer does about searches and answers, as plain state. */
import { assert, describe, it } from "@effect/vitest"
import { FileName, PyrateConfig } from "@peerage/pyrate"
import { PeerAddress } from "@peerage/transport"
import * as SearchState from "../../../src/peer/searching/SearchState.ts"

const config = PyrateConfig.make({ maxResponsesPerSecond: 2, maxSearchesPerSecond: 3 })
const name = FileName.FileName.make("song.txt")
const [one, two] = [PeerAddress.at("10.0.0.1", 5005), PeerAddress.at("10.0.0.2", 5005)]
type Given = Partial<SearchState.Arrival> & { readonly id?: string; readonly requester?: string; readonly ttl?: number }

const arrival = ({ id = "a", requester = one, ttl = 3, ...given }: Given): SearchState.Arrival => ({
  search: { _tag: "Search", id, name, requester: PeerAddress.parse(requester) ?? one, ttl },
  from: "10.0.0.9",
  at: 0,
  has: true,
  mayAnswer: true,
  ...given
})

const judge = (searches: ReadonlyArray<Given>, state = SearchState.empty<string>()) =>
  searches.reduce<readonly [ReadonlyArray<SearchState.Verdict>, SearchState.SearchState<string>]>(
    ([verdicts, state], given) => {
      const [verdict, after] = SearchState.judge(state, arrival(given), config)
      return [[...verdicts, verdict], after]
    },
    [[], state]
  )

describe("a search that came", () => {
  it.each<{ what: string; searches: ReadonlyArray<Given>; verdicts: ReadonlyArray<SearchState.Verdict> }>([
    { what: "is answered where the file is", searches: [{}], verdicts: ["Answer"] },
    { what: "is passed on where it is not", searches: [{ has: false }], verdicts: ["PassOn"] },
    { what: "ends with its last hop", searches: [{ has: false, ttl: 0 }], verdicts: ["Ignore"] },
    { what: "is answered also at its last hop", searches: [{ ttl: 0 }], verdicts: ["Answer"] },
    {
      what: "is handled once, whoever brings it",
      searches: [{}, { from: "10.0.0.8" }],
      verdicts: ["Answer", "Ignore"]
    },
    { what: "is ignored where its searcher would die", searches: [{ mayAnswer: false }], verdicts: ["Ignore"] },
    {
      what: "is answered so often to one host, and to others in the meantime",
      searches: [{}, { id: "b" }, { id: "c" }, { id: "d", requester: two }, { id: "e", at: 1000 }],
      verdicts: ["Answer", "Answer", "Ignore", "Answer", "Answer"]
    },
    {
      what: "is answered no more often when it names other ports of one host",
      searches: [{}, { id: "b", requester: "10.0.0.1:5006" }, { id: "c", requester: "10.0.0.1:5007" }],
      verdicts: ["Answer", "Answer", "Ignore"]
    },
    {
      what: "is answered so often in all",
      searches: [{}, { id: "b" }, { id: "c", requester: two }, { id: "d", requester: "10.0.0.3:5005" }],
      verdicts: ["Answer", "Answer", "Answer", "Ignore"]
    },
    {
      what: "is answered to others when one host has used up the second, as often as one may be answered",
      searches: [
        {},
        { id: "b", requester: "10.0.0.2:5005" },
        { id: "c", requester: "10.0.0.3:5005" },
        { id: "d", requester: "10.0.0.4:5005" },
        { id: "e", requester: "10.0.0.5:5005", from: "10.0.0.5" },
        { id: "f", requester: "10.0.0.6:5005", from: "10.0.0.5" },
        { id: "g", requester: "10.0.0.7:5005", from: "10.0.0.5" },
        { id: "h", requester: "10.0.0.8:5005", from: "10.0.0.8" },
        { id: "i", requester: "10.0.0.9:5005", from: "10.0.0.8" }
      ],
      verdicts: ["Answer", "Answer", "Answer", "Ignore", "Answer", "Answer", "Ignore", "Answer", "Ignore"]
    },
    {
      what: "that must not be answered takes nothing from those that may",
      searches: [{ mayAnswer: false }, { id: "b", mayAnswer: false }, { id: "c" }, { id: "d" }],
      verdicts: ["Ignore", "Ignore", "Answer", "Answer"]
    }
  ])("$what", ({ searches, verdicts }) => {
    assert.deepStrictEqual(judge(searches)[0], verdicts)
  })

  it.each([
    ["a service of a system", "10.0.0.1:1023"],
    ["the web", "10.0.0.1:80"],
    ["nobody", "0.0.0.0:5005"],
    ["a network", "0.1.2.3:5005"],
    ["a group", "224.0.0.1:5005"],
    ["a reserved address", "240.0.0.1:5005"],
    ["everybody", "255.255.255.255:5005"],
    ["the loopback address of the searcher's own machine", "127.0.0.1:5005"],
    ["another loopback address", "127.0.1.1:5005"]
  ])("is ignored where it names %s", (_, requester) => {
    assert.deepStrictEqual(judge([{ requester }])[0], ["Ignore"])
  })

  it("is answered where it names the first port of a peer, or loopback on one machine", () => {
    const local = { requester: "127.0.0.1:5005", from: "127.0.0.1" }
    assert.deepStrictEqual(judge([{ requester: "10.0.0.1:1024" }, { ...local, id: "b" }])[0], ["Answer", "Answer"])
  })

  it("is passed on with what is left of a second, those of this peer and answers counted", () => {
    const [, answered] = judge([{}])
    const [own, spent] = SearchState.spend(answered, { now: 0, perSecond: config.maxSearchesPerSecond })
    assert.deepStrictEqual([own, SearchState.spend(spent, { now: 0, perSecond: 3, wanted: 5 })[0]], [1, 1])
  })
})

describe("a search of this peer", () => {
  const begun = SearchState.begin(SearchState.empty<string>(), { id: "a", name, to: "hits", at: 0 }, config)
  const answer = (id: string, responder: PeerAddress.PeerAddress, file = name) =>
    ({ _tag: "SearchResponse", id, responder, name: file }) as const
  const collect = (answers: ReadonlyArray<ReturnType<typeof answer>>, state = begun) =>
    answers.reduce<readonly [ReadonlyArray<string>, SearchState.SearchState<string>]>(([hits, state], response) => {
      const [delivery, after] = SearchState.answer(state, response)
      return [delivery === undefined ? hits : [...hits, `${delivery.to} ${delivery.hit.peer}`], after]
    }, [[], state])[0]

  it("is nothing when it comes back", () => {
    assert.deepStrictEqual(judge([{}], begun)[0], ["Ignore"])
  })

  it("takes one answer of each peer", () => {
    assert.deepStrictEqual(collect([answer("a", one), answer("a", two), answer("a", one)]), [
      `hits ${one}`,
      `hits ${two}`
    ])
  })

  it("takes no answers to other searches, of other names, of addresses that no host has, or after its end", () => {
    const other = FileName.FileName.make("other.txt")
    const group = PeerAddress.at("239.1.1.1", 5005)
    assert.deepStrictEqual(collect([answer("b", one), answer("a", one, other), answer("a", group)]), [])
    assert.deepStrictEqual(collect([answer("a", one)], SearchState.end(begun, "a")), [])
  })

  it("takes 1024 answers at most, however many are invented", () => {
    const invented = Array.from(
      { length: 1100 },
      (_, n) => answer("a", PeerAddress.at(`10.2.${n >> 8}.${n & 255}`, 5005))
    )
    assert.strictEqual(collect(invented).length, 1024)
  })
})
