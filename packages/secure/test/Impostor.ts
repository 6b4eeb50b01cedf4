/** Somebody in the middle who has keys of their own, and not the passphrase. */
import { type Cipher, Handshake } from "@peerage/secure"
import { Result } from "effect"
import * as Record from "../src/session/Record.ts"
import { ascii, seeded } from "./Peers.ts"
import type * as Relay from "./Relay.ts"

/** Makes a handshake of its own with each end of one connection, and passes on what they say in it. */
export const impostor = (context = "peerage"): Relay.Meddle => {
  const { primitives } = seeded("impostor")
  const suite = primitives.preferred
  const magic = Record.magics[suite]
  const prologue = Uint8Array.of(...magic, ...ascii(context))
  const options = () => ({ suite, identity: primitives.keyPair(primitives.random(32)), prologue })
  const records = () => new Record.RecordReader(new Record.SpareBuffer(), Record.maxMessage)
  const readers = { toServer: records(), toClient: records() }
  const initiator = Handshake.initiate(primitives, options())
  const responder = Handshake.respond(primitives, options())
  let withServer: Handshake.Established | undefined
  let withClient: Handshake.Established | undefined
  const unsent: Array<Uint8Array> = []
  let begun = false

  const passOn = (to: Relay.Ends["client"], sealed: Cipher.Cipher | undefined, plain: Uint8Array) => {
    if (sealed === undefined) unsent.push(plain)
    else to.write([Record.framed(sealed.sealed(plain))])
  }
  let step: (message: Uint8Array, ends: Relay.Ends) => void = (first, { client }) => {
    const responded = Result.getOrThrow(responder.read(first))
    client.write([magic, Record.framed(responded.second)])
    step = (third) => {
      withClient = Result.getOrThrow(responded.read(third))
      step = (record, { server }) => passOn(server, withServer?.send, withClient?.receive.open(record) ?? record)
    }
  }
  const fromServer = (message: Uint8Array, { client, server }: Relay.Ends) => {
    if (withServer !== undefined) return passOn(client, withClient?.send, withServer.receive.open(message) ?? message)
    const finished = Result.getOrThrow(initiator.read(message)).finish()
    withServer = finished
    server.write([Record.framed(finished.third)])
    for (const plain of unsent.splice(0)) passOn(server, finished.send, plain)
  }
  return (way, bytes, _, ends) => {
    if (!begun) ends.server.write([magic, Record.framed(initiator.first)])
    begun = true
    const reader = readers[way]
    reader.push(bytes)
    for (let next = reader.next(); next !== undefined && typeof next !== "string"; next = reader.next()) {
      if (way === "toServer") step(next.slice(), ends)
      else fromServer(next.slice(), ends)
    }
  }
}
