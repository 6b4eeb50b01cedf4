/** Invitations, which may stand wherever a command takes the address of a peer. All pure. */
import type { Endpoint } from "@peerage/console/Address"
import type { Reader } from "@peerage/console/Reader"
import * as Invitation from "@peerage/secure/Invitation"
import type { PeerKey } from "@peerage/transport/PeerKey"
import { Result } from "effect"

/** The protocols, as invitations and encrypted networks name them. */
export type Protocol = "pyile" | "p2p-chat" | "peerpy" | "pyrate"

/** The command that takes an invitation to a network of each protocol. */
const commands: { readonly [protocol in Protocol]: string } = {
  pyile: "peerage join",
  "p2p-chat": "peerage chat 0.0.0.0:0",
  peerpy: "peerage peerpy connect",
  pyrate: "peerage pyrate share DIR --bootstrap"
}

const isProtocol = (name: string): name is Protocol => Object.hasOwn(commands, name)

const ofAnother = (protocol: string) =>
  isProtocol(protocol) ? `this one is for ${commands[protocol]}` : "this one is for a protocol that is not known here"

/** What is wrong with an invitation, without what to do about it, in the middle of a sentence. */
const problemOf = ({ message }: Invitation.InvitationError) => {
  const [problem = ""] = message.split(". ")
  return `${problem.charAt(0).toLowerCase()}${problem.slice(1)}`
}

/** Whether a text is meant as an invitation, also one that was copied with what was around it, such as quotes. */
const isMeant = (text: string) => /^\s*peerage:|peerage:\/\//i.test(text)

/** Reads an address with `read`, or an invitation to a network of the protocol, whose key is in the result. */
export const invited = <A extends Endpoint>(protocol: Protocol, read: Reader<A>): Reader<A> => (text) =>
  isMeant(text)
    ? Result.match(Invitation.parse(text), {
      onFailure: (error) => Result.fail(`a whole invitation (${problemOf(error)})`),
      onSuccess: ({ address, key, protocol: found }) =>
        found === protocol
          ? Result.map(read(address), (endpoint) => ({ ...endpoint, key }))
          : Result.fail(`an invitation for this command (${ofAnother(found)})`)
    })
    : read(text)

/** The invitation to a peer that others reach at `reached`, as a text. */
export const text = (
  { key, protocol }: { readonly key: PeerKey; readonly protocol: Protocol },
  reached: string
): string => Invitation.format({ address: reached, protocol, key })
