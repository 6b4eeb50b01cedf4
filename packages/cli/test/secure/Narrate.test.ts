/** What a room says of its encrypted connections: of those that there are, and of those that there are not, with what helps. */
import { assert, it } from "@effect/vitest"
import { Keyed } from "@peerage/testing"
import { plainView } from "../../src/room/Narrate.ts"
import { narrate, type SecureEvent } from "../../src/secure/SecureNarrate.ts"

const key = Keyed.keyOf(1)
const peer = "192.0.2.1:4702"

const tell = narrate({
  fingerprint: () => "3f2a-91bc-07de-55a1",
  isNew: () => true,
  knock: () => "Told",
  unpinned: peer
})

const secured = (more: Partial<Extract<SecureEvent, { readonly _tag: "Secured" }>>): SecureEvent => ({
  _tag: "Secured",
  peer,
  key,
  by: "Passphrase",
  initiated: true,
  ...more
})
const refused = (reason: string): SecureEvent => ({ _tag: "Refused", peer, reason })

const none = `no encrypted connection with ${peer}: `

for (
  const [title, event, said] of [
    [
      "a peer that was named without its key",
      secured({}),
      [`${peer} has the key 3f2a-91bc-07de-55a1. No invitation said so: ask there whether it is the right one`]
    ],
    ["a peer whose key was allowed", secured({ by: "Key" }), [`${peer} has the key 3f2a-91bc-07de-55a1`]],
    ["another peer", secured({ peer: "192.0.2.2:80" }), ["192.0.2.2:80 has the key 3f2a-91bc-07de-55a1"]],
    ["one that dialed, from a port of no meaning", secured({ initiated: false }), []],
    [
      "a plain one",
      refused("PlainPeer"),
      `${none}it speaks without encryption. It needs the invitation, or --secure`
    ],
    [
      "one that hangs up",
      refused("Truncated"),
      `${none}it hung up, as one does that expects another key, or no encryption`
    ],
    ["a stranger", refused("NotMember"), `${none}only keys that are allowed come in`],
    ["a wrong passphrase", refused("WrongPassphrase"), `${none}the passphrase is wrong`]
  ] as const
) {
  it(`of ${title}`, () => {
    const told = tell(event, plainView)
    assert.deepStrictEqual(told?.lines ?? told?.text, said)
  })
}
