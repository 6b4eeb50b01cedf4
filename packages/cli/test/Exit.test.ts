/** Exit codes and last sentences. */
import { assert, it } from "@effect/vitest"
import { ChatError, PeerId } from "@peerage/p2p-chat"
import { PeerPyError } from "@peerage/peerpy"
import { PyileError } from "@peerage/pyile"
import { PyrateError } from "@peerage/pyrate"
import { Cause } from "effect"
import { SocketCloseError, SocketError } from "effect/socket/Socket"
import { NameNotFound } from "../src/Addresses.ts"
import { codeOf, sentenceOf } from "../src/Exit.ts"
import { BadUsage } from "../src/Usage.ts"

const left = (reason: PyileError.SessionFailure) => new PyileError.JoinError({ reason })
const cut = (reason: ChatError.SessionFailure) => new ChatError.JoinError({ reason })
const called = (reason: PeerPyError.ConnectError["reason"]) => new PeerPyError.ConnectError({ reason })
const ended = (reason: PeerPyError.EndReason) => new PeerPyError.ReceiveError({ reason })
const fetched = (reason: PyrateError.DownloadError["reason"]) => new PyrateError.DownloadError({ reason })
const broken = new SocketError({ reason: new SocketCloseError({ code: 1006 }) })
const shared = (reason: PyrateError.PeerError["reason"]) => new PyrateError.PeerError({ reason })
const hosted = (reason: PyileError.HostError["reason"]) => new PyileError.HostError({ reason })

for (
  const [error, code, sentence] of [
    [left(new PyileError.WrongPassword({})), 3, /password/],
    [left(new PyileError.Banned({})), 3, /banned/],
    [
      left(new PyileError.Unreachable({ address: "10.0.0.1:4702", code: "ETIMEDOUT" })),
      4,
      /10\.0\.0\.1:4702 \(ETIMEDOUT\)/
    ],
    [left(new PyileError.DistributionLost({})), 4, /--reconnect/],
    [
      left(new PyileError.ForeignAddress({ claimed: "10.0.0.4:50000", remote: "203.0.113.9" })),
      3,
      /10\.0\.0\.4:50000.*203\.0\.113\.9.*--advertise 203\.0\.113\.9:PORT.*--trust-claims/
    ],
    [left(new PyileError.TooMany({ of: "members", limit: 1 })), 3, /network is full/],
    [left(new PyileError.IncompatiblePeer({ release: "0.0.3" })), 1, /upgrade/],
    [cut(new ChatError.DuplicateId({ id: PeerId.make(10n) })), 3, /The id 10 is in use/],
    [cut(new ChatError.Unreachable({ address: "10.0.0.1:5000", code: "ECONNREFUSED" })), 4, /10\.0\.0\.1:5000/],
    [cut(new ChatError.JoinsItself({ address: "10.0.0.1:5000" })), 2, /own address/],
    [cut(new ChatError.TurnedAway({ address: "10.0.0.1:5000" })), 3, /ten connections/],
    [cut(new ChatError.InvalidId({ id: PeerId.make(-1n) })), 1, /-1/],
    [called(new PeerPyError.Denied({ address: "10.0.0.1:20000" })), 3, /does not want/],
    [called(new PeerPyError.TooMany({ of: "connections", limit: 1 })), 3, /connections/],
    [called(new PeerPyError.OwnAddress({ address: "10.0.0.1:20000" })), 2, /own address/],
    [called(new PeerPyError.Unreachable({ address: "10.0.0.1:20000", code: "ECONNREFUSED" })), 4, /10\.0\.0\.1:20000/],
    [ended(new PeerPyError.StrictViolation({ agreed: "json", received: "raw" })), 1, /raw data over a connection/],
    [
      new PeerPyError.PeerError({ reason: new PeerPyError.NoAddress({ address: "0.0.0.0" }) }),
      2,
      /Listen at one of this machine's addresses/
    ],
    [fetched(new PyrateError.NoSuchFile({ name: "x.txt" })), 1, /shares no file x\.txt/],
    [
      fetched(new PyrateError.NoConnectionBack({ peer: "10.0.0.2:5005", self: "192.168.1.5:40000", seconds: 10 })),
      4,
      /^10\.0\.0\.2:5005 took the request .* connect back to 192\.168\.1\.5:40000 within 10 s.* firewall or NAT .*saved\.$/
    ],
    [fetched(new PyrateError.TooMany({ of: "commands", limit: 1 })), 3, /Too many commands/],
    [fetched(broken), 4, /^The connection broke: the other end has gone, or the network between\. Try again\.$/],
    [shared(new PyrateError.NoAddress({ address: "0.0.0.0" })), 2, /0\.0\.0\.0 is no address/],
    [new NameNotFound({ name: "nobody.invalid" }), 4, /nobody\.invalid/],
    [hosted(new PyileError.ListenFailed({ address: "0.0.0.0:1", code: "EACCES" })), 1, /EACCES/],
    [hosted(new PyileError.NotIpv4({ address: "::1" })), 2, /IPv4/],
    [
      new BadUsage({ command: "peerage x", mistakes: ["one\u001B", "two"] }),
      2,
      /^peerage x: one\uFFFD\npeerage x: two\nSee peerage x --help$/
    ],
    [new TypeError("a bug\u001B[2J"), 1, /a bug\uFFFD\[2J/]
  ] as const
) {
  it(`ends with ${code} at ${error.name}: ${sentenceOf(error)}`, () => {
    assert.strictEqual(codeOf(Cause.fail(error)), code)
    assert.match(sentenceOf(error) ?? "", sentence)
  })
}

it("ends with 0 where somebody left", () => assert.strictEqual(codeOf(Cause.interrupt(1)), 0))
