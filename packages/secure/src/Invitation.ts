/**
 * Where a peer listens and which key must answer there, as one text to pass on. It carries no secret: the passphrase goes
 * another way.
 *
 *     peerage://192.0.2.1:4702/pyile#KEY         KEY: the 43 characters of a `PeerKey`
 *     peerage://[2001:db8::1]:4702/pyile#KEY
 *     peerage://host.example:4702/pyile#KEY
 */
import * as PeerKey from "@peerage/transport/PeerKey"
import { Record, Result, Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"

/** What an invitation says. */
export interface Invitation {
  /** `HOST:PORT`: an IP address as `NetAddress.formatInet` writes it, or a name, which nobody has looked up. */
  readonly address: string
  /** The protocol that is spoken there: lower-case letters, digits and hyphens. */
  readonly protocol: string
  /** The key that must answer. */
  readonly key: PeerKey.PeerKey
}

const example = "peerage://192.0.2.1:4702/pyile#KEY"

/** Each mistake, and what to do about it. */
const sentences = {
  NotAnInvitation: `This is not an invitation: it does not begin with peerage://. Give one such as ${example}.`,
  Broken: "The invitation has a space or a line break in it. Give it in one piece.",
  NoHost: `The invitation has no host. Give one such as ${example}.`,
  WrongHost: "The invitation's host is neither an IP address nor a name. Copy it again, or ask for a new one.",
  BareIpv6: "The invitation's IPv6 address has no brackets around it. Write it as [2001:db8::1]:4702.",
  NoPort: `The invitation has no port behind its host. Give one such as ${example}.`,
  WrongPort: "The invitation's port is not a number from 1 to 65535. Copy it again, or ask for a new one.",
  NoProtocol: `The invitation does not say which protocol is spoken there. Give one such as ${example}.`,
  WrongProtocol: "The invitation's protocol is not a name of lower-case letters, digits and hyphens. Copy it again.",
  NoKey: "The invitation has no key: it ends before the # and its 43 characters. Copy all of it, in quotes.",
  CutKey: "The invitation's key is cut off: it has fewer than 43 characters. Copy all of it.",
  LongKey: "The invitation's key has more than 43 characters. Copy only the invitation.",
  WrongKey: "The invitation's key is not one: a character of it is wrong. Copy it again, or ask for a new one."
} as const

type Mistake = keyof typeof sentences

/** The mistakes that a text can have, each with a sentence of its own. */
export const mistakes = Record.keys(sentences)

/** A text is not an invitation. The text is not in it, as it may be anything. */
export class InvitationError extends Schema.TaggedError<InvitationError>()("InvitationError", {
  mistake: Schema.Literals(mistakes)
}) {
  override get message() {
    return sentences[this.mistake]
  }
}

const scheme = "peerage://"
const keyLength = 43
const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
// A name's last label has a letter: without one it is an IP address that is none.
const name = new RegExp(`^(?:${label}\\.)*(?=[a-z0-9-]*[a-z])${label}$`)
const longestName = 253

/** The host and the port of a text; a host that is an IPv6 address keeps its brackets. */
const splitPort = (text: string): Result.Result<readonly [host: string, port: number], Mistake> => {
  const bracketed = text.startsWith("[") ? text.indexOf("]") + 1 : 0
  if (bracketed === 0 && /^\[?[\da-f.]*:[\da-f.]*:[\da-f.:]*$/i.test(text)) return Result.fail("BareIpv6")
  const colon = text.indexOf(":", bracketed)
  const host = colon < 0 ? text : text.slice(0, colon)
  const port = colon < 0 ? "" : text.slice(colon + 1)
  if (host === "") return Result.fail("NoHost")
  if (port === "") return Result.fail("NoPort")
  const isPort = /^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535
  return isPort ? Result.succeed([host, Number(port)]) : Result.fail("WrongPort")
}

/** `HOST:PORT` in the one form that stands for it. */
const parseAddress = (text: string): Result.Result<string, Mistake> =>
  Result.flatMap(splitPort(text), ([host, port]) => {
    const inet = NetAddress.inetAddressFromString(`${host}:${port}`)
    if (Result.isSuccess(inet)) return Result.succeed(NetAddress.formatInet(inet.success))
    const lower = host.toLowerCase()
    return lower.length <= longestName && name.test(lower)
      ? Result.succeed(`${lower}:${port}`)
      : Result.fail("WrongHost")
  })

const parseKey = (text: string): Result.Result<PeerKey.PeerKey, Mistake> => {
  if (text === "") return Result.fail("NoKey")
  if (text.length !== keyLength) return Result.fail(text.length < keyLength ? "CutKey" : "LongKey")
  const key = PeerKey.parse(text)
  return key === undefined ? Result.fail("WrongKey") : Result.succeed(key)
}

const parseParts = (text: string): Result.Result<Invitation, Mistake> => {
  if (!text.toLowerCase().startsWith(scheme)) return Result.fail("NotAnInvitation")
  if (/\s/.test(text)) return Result.fail("Broken")
  const [place = "", ...keys] = text.slice(scheme.length).split("#")
  const slash = place.indexOf("/")
  return Result.gen(function*() {
    const address = yield* parseAddress(slash < 0 ? place : place.slice(0, slash))
    const protocol = slash < 0 ? "" : place.slice(slash + 1)
    if (protocol === "") return yield* Result.fail<Mistake>("NoProtocol")
    if (!/^[a-z0-9-]+$/.test(protocol)) return yield* Result.fail<Mistake>("WrongProtocol")
    return { address, protocol, key: yield* parseKey(keys.join("#")) }
  })
}

/** Reads an invitation, with spaces and line breaks around it. */
export const parse = (text: string): Result.Result<Invitation, InvitationError> =>
  Result.mapError(parseParts(text.trim()), (mistake) => new InvitationError({ mistake }))

/** The text of an invitation, which `parse` reads. */
export const format = ({ address, key, protocol }: Invitation): string => `${scheme}${address}/${protocol}#${key}`
