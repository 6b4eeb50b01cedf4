/** The handshake of a carrier: what each end says on it, and what it waits for. */
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Result } from "effect"
import { concat } from "../Bytes.ts"
import type { Suite } from "../Crypto.ts"
import * as Handshake from "../noise/Handshake.ts"
import { Reason } from "../SecureError.ts"
import * as Record from "./Record.ts"
import type { Shared } from "./Shared.ts"

/** Takes the next message of the other end. */
export type Step = (message: Uint8Array) => void

/** What a handshake does with its carrier, and what it tells. */
export interface Handshaking {
  /** The suite that the other end speaks. Known with its first message. */
  readonly suite: () => Suite
  readonly send: (bytes: Uint8Array) => void
  readonly refuse: (reason: Reason) => void
  readonly awaits: (step: Step) => void
  /** False when the key of who was dialed is refused. Then it does not learn this end's key. */
  readonly accepts: (key: PeerKey) => boolean
  /** The handshake is over, once `third` is sent, which the initiator has. */
  readonly done: (established: Handshake.Established, third?: Uint8Array) => void
}

/** The magic is part of the prologue: where it was changed on the way, the handshake fails. */
const optionsOf = ({ context, identity, numbers }: Shared, suite: Suite): Handshake.HandshakeOptions => ({
  suite,
  identity,
  prologue: concat(Record.magics[suite], context),
  rekeyInterval: numbers.rekeyInterval
})

/** Says the first message, and does the rest as answers come. */
export const initiate = (shared: Shared, carrier: Handshaking): void => {
  const suite = shared.crypto.preferred
  const initiator = Handshake.initiate(shared.crypto, optionsOf(shared, suite))
  carrier.send(concat(Record.magics[suite], Record.framed(initiator.first)))
  carrier.awaits((second) => {
    // A listener answers in the suite it is dialed with.
    if (carrier.suite() !== suite) return carrier.refuse(Reason.cases.Tampered.make({}))
    Result.match(initiator.read(second), {
      onFailure: carrier.refuse,
      onSuccess: ({ finish, key }) => {
        // Checked before the third message: an impostor does not learn the dialer's key.
        if (!carrier.accepts(key)) return
        const established = finish()
        carrier.done(established, established.third)
      }
    })
  })
}

/** Waits for the first message, and does the rest as it comes. */
export const respond = (shared: Shared, carrier: Handshaking): void =>
  carrier.awaits((first) => {
    const suite = carrier.suite()
    const responder = Handshake.respond(shared.crypto, optionsOf(shared, suite))
    Result.match(responder.read(first), {
      onFailure: carrier.refuse,
      onSuccess: ({ read, second }) => {
        carrier.send(concat(Record.magics[suite], Record.framed(second)))
        carrier.awaits((third) =>
          Result.match(read(third), {
            onFailure: carrier.refuse,
            onSuccess: (established) => carrier.done(established)
          })
        )
      }
    })
  })
