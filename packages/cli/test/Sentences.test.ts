/** What is said of every error and every reason: a sentence with what to do next, and no names from inside the program. */
import { assert, it } from "@effect/vitest"
import { inChat, inPeerPy, inPyile, inPyrate, reasonOf } from "@peerage/console/Reasons"
import { workOf } from "@peerage/console/Work"
import { ChatError } from "@peerage/p2p-chat"
import { PeerPyError, PeerPyEvent } from "@peerage/peerpy"
import { PyileError, PyileEvent } from "@peerage/pyile"
import { PyrateError, PyrateEvent } from "@peerage/pyrate"
import { SecureError } from "@peerage/secure"
import { SocketFailure } from "@peerage/transport"
import { Cause } from "effect"
import { codeOf, sentenceOf } from "../src/Exit.ts"
import { rows } from "./Sentences.ts"

for (const [error, sentence] of rows) {
  it(`says of a ${reasonOf(error)} of ${error.name}: ${sentenceOf(error)}`, () => {
    const said = sentenceOf(error) ?? ""
    if (typeof sentence === "string") assert.strictEqual(said, sentence)
    else assert.match(said, sentence)
  })
}

/** Names from inside the program: tags of errors, and services with their methods. */
const internal = /\b(?!PeerPy)[A-Z][a-z]+[A-Z][a-z]\w*|\b[A-Z][A-Za-z]+\.[a-z]+[A-Z]?\w*\(|undefined|\[object/

it("says nothing in names from inside the program, and ends each sentence", () => {
  for (const said of rows.map(([error]) => sentenceOf(error) ?? "")) {
    assert.notMatch(said, internal)
    assert.match(said, /\.$/)
  }
})

// Each begins a next step, at the beginning of a sentence or behind a semicolon or a colon.
const steps =
  "allow ask change check choose close connect fix free give have join keep listen receive remove save search send set stop try use"

it("says in every sentence what to do next", () => {
  const step = new RegExp(`(^|[.;:,] |[Bb]ehind NAT, |and |perhaps )(${steps.replaceAll(" ", "|")})\\b`, "i")
  const without = rows.map(([error]) => sentenceOf(error) ?? "").filter((said) => !step.test(said))
  assert.deepStrictEqual(without, [])
})

const tagsOf = (reasons: ReadonlyArray<{ readonly name: string }>) => reasons.map(({ name }) => name)

for (
  const [kind, reasons] of [
    [PyileError.JoinError, PyileError.JoinError.fields.reason.members],
    [PyileError.HostError, PyileError.HostError.fields.reason.members],
    [PyileError.SendError, PyileError.SendError.fields.reason.members],
    [ChatError.JoinError, ChatError.JoinError.fields.reason.members],
    [ChatError.SendError, ChatError.SendError.fields.reason.members],
    [PeerPyError.PeerError, PeerPyError.PeerError.fields.reason.members],
    [PeerPyError.DiscoverError, PeerPyError.DiscoverError.fields.reason.members],
    [PeerPyError.ConnectError, PeerPyError.ConnectError.fields.reason.members],
    [PyrateError.BootstrapError, PyrateError.BootstrapError.fields.reason.members]
  ] as const
) {
  it(`has a sentence for every reason of ${kind.name}`, () => {
    const known = rows.filter(([error]) => error instanceof kind).map(([error]) => reasonOf(error))
    assert.deepStrictEqual(tagsOf(reasons).filter((tag) => !known.includes(tag)), [])
  })
}

it("has a sentence for every reason of a secure transport, and an exit code", () => {
  const known = new Map<string, number>(rows.map(([error]) => [reasonOf(error), codeOf(Cause.fail(error))]))
  for (const tag of Object.keys(SecureError.Reason.cases)) {
    assert.strictEqual(known.get(tag), ["Truncated", "HandshakeTimeout"].includes(tag) ? 4 : 3, tag)
  }
})

// What events say in the middle of a sentence.
for (
  const [protocol, inWords, reasons] of [
    ["Pyile", inPyile, PyileEvent.Reason.literals],
    ["p2p-chat", inChat, [
      ...tagsOf(ChatError.SessionFailure.members),
      ...SocketFailure.reasons,
      "NextHopLeft",
      "Expired"
    ]],
    ["PeerPy", inPeerPy, [...PeerPyEvent.ClosedReason.literals, ...PeerPyEvent.RejectedReason.literals]],
    ["Pyrate", inPyrate, [...PyrateEvent.Rejection.literals, ...tagsOf(PyrateError.AskError.fields.reason.members)]]
  ] as const
) {
  it(`has words for every reason of an event of ${protocol}`, () => {
    assert.deepStrictEqual(reasons.filter((reason) => inWords(reason) === reason), [])
  })
}

it("has words for everything that a Pyrate peer does", () => {
  const kinds = {
    Outbound: [
      "BootstrapRegister",
      "BootstrapUnregister",
      "BootstrapRequestPeerList",
      "BootstrapKeepAlive",
      "DownloadRequest",
      "ListRequest",
      "SearchRequest"
    ],
    Relayed: ["SearchRequest", "SearchResponse"],
    Inbound: ["DownloadRequest", "ListRequest", "SearchRequest", "SearchResponse"]
  }
  for (const [direction, names] of Object.entries(kinds)) {
    for (const kind of names) assert.match(workOf({ direction, kind }), /^[a-z ]+$/)
  }
})
