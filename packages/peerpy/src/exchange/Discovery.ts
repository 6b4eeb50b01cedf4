/**
 * Finds the peers of the local network: a question to all of it, which visible peers answer. Over UDP.
 *
 *     seeker                                      all of the network, port 1024
 *       PING|pinger=10.0.0.1:49152          -->
 *                                           <--   PONG|ponger=10.0.0.2:20001     to the address inside the question,
 *                                                                                where it is that of the seeker
 *
 * (docs/wire/peerpy.md, section 6.)
 */
import { PeerAddress, Timeouts, type Transport } from "@peerage/transport"
import { Effect, Option, Result, type Scope } from "effect"
import * as Arr from "effect/Array"
import * as NetAddress from "effect/net/NetAddress"
import type * as DatagramSocket from "effect/socket/DatagramSocket"
import * as Datagram from "../codec/Datagram.ts"
import type { PeerPyConfig } from "../PeerPyConfig.ts"
import * as Answering from "./Answering.ts"

/** The port of the protocol. */
export const defaultPort = 1024

/** Where questions go: all of this network. */
export const everybody = "255.255.255.255"

/** What a question needs. */
export interface Question {
  readonly transport: Transport.Transport["Service"]
  /** The addresses of this machine from which the question goes out, one on each network, and at which answers arrive. */
  readonly from: ReadonlyArray<NetAddress.IpAddress>
  readonly to: NetAddress.InetAddress
  /** Tells the peer that asks, which is not to be found. */
  readonly isSelf: (peer: PeerAddress.PeerAddress) => boolean
  readonly config: PeerPyConfig
}

const read = ({ payload }: DatagramSocket.Datagram) => Result.getOrUndefined(Datagram.decode(payload))

/**
 * Asks on all networks at once, and waits until no answer came for a while. Gives the peers in the order of their first
 * answers, those of one network after those of another. Fails where no network can be asked.
 */
export const initiate = Effect.fn("Discovery.initiate")(function*(
  question: Question
): Effect.fn.Return<ReadonlyArray<PeerAddress.PeerAddress>, DatagramSocket.DatagramSocketError, Scope.Scope> {
  const asked = yield* Effect.forEach(
    question.from,
    (from) => Effect.result(ask(question, from)),
    { concurrency: "unbounded" }
  )
  const answers = Arr.getSuccesses(asked)
  const [failure] = Arr.getFailures(asked)
  if (failure !== undefined && answers.length === 0) return yield* failure
  return [...new Set(answers.flat())].slice(0, question.config.maxDiscovered)
})

/** Asks on one network. */
const ask = Effect.fnUntraced(function*(
  { config, isSelf, to, transport }: Question,
  from: NetAddress.IpAddress
): Effect.fn.Return<ReadonlyArray<PeerAddress.PeerAddress>, DatagramSocket.DatagramSocketError, Scope.Scope> {
  // A port of its own: at the protocol's port, several seekers of one machine would take each other's answers.
  const socket = yield* transport.datagram({ bind: NetAddress.inetAddressUnsafe(from, 0), broadcast: true })
  const { reader, writer } = { reader: yield* socket.reader, writer: yield* socket.writer }
  const own = PeerAddress.fromInet(reader.address)
  if (own === undefined) return []
  yield* writer.write({ payload: Datagram.encode({ type: "PING", address: own }), address: to })
  const found = new Set<PeerAddress.PeerAddress>()
  const collecting = Effect.gen(function*() {
    while (found.size < config.maxDiscovered) {
      const datagrams = yield* Effect.timeoutOption(reader.pull, config.discoverFor)
      if (Option.isNone(datagrams)) return
      for (const datagram of datagrams.value) {
        const answer = read(datagram)
        if (answer?.type === "PONG" && !isSelf(answer.address)) found.add(answer.address)
      }
    }
  })
  // A peer that answers for ever does not keep the seeker waiting for ever.
  yield* Effect.timeoutOption(collecting, config.discoverAtMost)
  return [...found]
})

/**
 * Answers questions for the scope's life, each with the name by which this peer can be reached from where the answer
 * goes; not where there is none, nor where the address in the question is not that of its sender, and a few in a second.
 * Never succeeds.
 */
export const respond = Effect.fn("Discovery.respond")(function*(
  transport: Transport.Transport["Service"],
  port: number,
  nameTowards: (other: NetAddress.IpAddress) => Effect.Effect<PeerAddress.PeerAddress | undefined>
): Effect.fn.Return<never, DatagramSocket.DatagramSocketError, Scope.Scope> {
  const bind = NetAddress.inetAddressUnsafe(NetAddress.ipv4Unspecified, port)
  const socket = yield* transport.datagram({ bind, shared: true, broadcast: true })
  const reader = yield* socket.reader
  const writer = yield* socket.writer
  let answered = Answering.nobody
  while (true) {
    const datagrams = yield* reader.pull
    const now = yield* Timeouts.now
    for (const datagram of datagrams) {
      const question = read(datagram)
      if (question?.type !== "PING") continue
      const host = PeerAddress.host(question.address)
      // Quirk: an original answers to whatever address is inside, but asks from the address that it names.
      if (NetAddress.formatHost(datagram.address) !== host) continue
      const [isAllowed, after] = Answering.allow(answered, host, now)
      answered = after
      if (!isAllowed) continue
      const address = PeerAddress.toInet(question.address)
      const name = yield* nameTowards(address.address)
      if (name === undefined) continue
      // In the form of the question, which may be the manual's form.
      const payload = Datagram.encode({ type: "PONG", address: name, plain: question.plain })
      // An answer that cannot be sent is the seeker's loss.
      yield* Effect.ignore(writer.write({ payload, address }))
    }
  }
})
