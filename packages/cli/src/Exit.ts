/** How the process ends: its exit code, and the one sentence on standard error. */
import { printable } from "@peerage/console/Printable"
import { reasonOf } from "@peerage/console/Reasons"
import * as ChatError from "@peerage/p2p-chat/ChatError"
import * as PeerPyError from "@peerage/peerpy/PeerPyError"
import * as PyrateError from "@peerage/pyrate/PyrateError"
import * as SystemProblem from "@peerage/wire/SystemProblem"
import { Cause, Predicate } from "effect"

/** Exit codes, and what they mean. */
export const code = {
  /** Done, or left politely. */
  done: 0,
  /** Failed at its work. */
  failed: 1,
  /** Unknown, missing or wrong arguments. */
  usage: 2,
  /** Turned away: wrong password, banned, denied, an id that is in use. */
  refused: 3,
  /** Nobody answered, or the other end has gone. */
  unreachable: 4
} as const

/** An exit code of the command. */
export type Code = typeof code[keyof typeof code]

/** What the help says about each code. */
export const meanings: { readonly [code in Code]: string } = {
  [code.done]: "done, or left",
  [code.failed]: "failed: a port in use, a file that cannot be used, a transfer that did not end well",
  [code.usage]: "wrong usage; all mistakes are reported at once",
  [code.refused]:
    "refused: wrong password or passphrase, banned, denied, an id in use, no room for more, another key, encryption or none there",
  [code.unreachable]: "unreachable: nobody answers, the name is unknown, the other end is gone"
}

/** Reasons, which are tags of errors, by their code; any other is a failure. */
const reasons: ReadonlyArray<readonly [code: Code, reasons: ReadonlyArray<string>]> = [
  [code.usage, ["BadUsage", "ShowHelp", "NotIpv4", "JoinsItself", "OwnAddress", "NoAddress"]],
  [code.refused, [
    "WrongPassword",
    "Banned",
    "ForeignAddress",
    "AddressTaken",
    "Kicked",
    "TooMany",
    "Denied",
    "DuplicateId",
    "TurnedAway",
    "Unanswered",
    // Of a secure transport, beside `Banned`.
    "WrongPassphrase",
    "NotMember",
    "TooManyGuesses",
    "Busy",
    "KeyMismatch",
    "OwnKey",
    "PlainPeer",
    "OtherVersion",
    "Tampered",
    "ProtocolViolation"
  ]],
  [
    code.unreachable,
    [
      "Unreachable",
      "NameNotFound",
      "NoDatagrams",
      "NoConnectionBack",
      "PeerClosed",
      "PeerUnresponsive",
      "DistributionLost",
      "ListsElsewhere",
      "SocketError",
      "Truncated",
      "HandshakeTimeout"
    ]
  ]
]

/** How PeerPy calls what the other protocols have a reason of their own for: an end before the first answer. */
const isTurnedAway = (error: unknown, reason: string): boolean =>
  error instanceof PeerPyError.ConnectError && (reason === "PeerClosed" || reason === "SocketError")

/** The code for how a program ended. */
export const codeOf = (cause: Cause.Cause<unknown>): Code => {
  if (Cause.hasInterruptsOnly(cause)) return code.done
  const error = Cause.squash(cause)
  const reason = reasonOf(error)
  if (isTurnedAway(error, reason)) return code.refused
  return reasons.find(([, known]) => known.includes(reason))?.[0] ?? code.failed
}

// Most hosts have a key for each run.
const ofNewKey =
  "A host that was started again has another key, unless it keeps one with --identity: ask there which it has now, and "
  + "start this command anew, best with a new invitation."

// It waits for a word of its own protocol, or breaks off.
const encrypted =
  "An encrypted peer does so to a plain one: give its invitation in place of the address, or add --secure."

const startsSecure = "A peer that is encrypted is started as peerage host, or with --secure."

const comesBack = "with --reconnect the command tries again by itself."

/** What is no message of a protocol comes from another kind of program, most often at a wrong port. */
const foreign = (protocol: string) =>
  [
    "UnexpectedMessage",
    "MalformedMessage",
    "MalformedFrame",
    "MalformedHeader",
    "MalformedRequest",
    "FrameTooLarge"
  ].map((reason) =>
    [reason, `What answers there does not speak ${protocol} as it should. Check the address and the port.`] as const
  )

const broke = (peer: string, then: string) =>
  ["SocketError", "FrameTruncated"].map((reason) =>
    [reason, `The connection broke: ${peer} has gone, or the network between. ${then}`] as const
  )

const heldTooMuch = (then: string, prefix: string) =>
  [
    "TooMuchHeld",
    "All connections together held too much in memory, and this one most for longest, so it ended. " +
    `${then} ${prefix}_MAX_HELD_BYTES allows more.`
  ] as const

/** What helps, by the reason, where that is more than the error knows. */
const remedies = {
  pyile: new Map([
    ["PeerClosed", `The host ended the connection or has gone. Join again; ${comesBack}`],
    [
      "PeerUnresponsive",
      `The host does not answer. Check that a Pyile host runs there; ${comesBack} ${encrypted}`
    ],
    ["DistributionLost", `The host has gone. Join again; ${comesBack}`],
    ["SlowReader", `The host does not read what it is sent, so the session ended. Join again; ${comesBack}`],
    ["TooMany", "The network is full. Join later, or have its host raise PYILE_MAX_MEMBERS."],
    heldTooMuch("Join again;", "PYILE"),
    ...broke("the host", `Join again; ${comesBack}`),
    ...foreign("Pyile")
  ]),
  chat: new Map([
    ["PeerClosed", "The peer closed the connection, or has gone. Check that a chat peer runs there, and join again."],
    ["PeerUnresponsive", "The peer does not answer. Check that a chat peer runs there, and join again."],
    heldTooMuch("Join again;", "P2P_CHAT"),
    ...broke("the peer", "Join again."),
    ...foreign("p2p-chat")
  ]),
  peerPy: new Map([
    ["PeerClosed", "The peer closed the connection, or has gone. Connect again to go on."],
    ["PeerUnresponsive", "The peer does not answer. Check that a PeerPy peer runs there; --timeout waits longer."],
    heldTooMuch("Connect again;", "PEERPY"),
    ...broke("the peer", "Connect again."),
    ...foreign("PeerPy")
  ]),
  pyrate: new Map([
    ["PeerClosed", "The other end closed the connection, or has gone, before it was done. Try again."],
    ["PeerUnresponsive", "The other end does not answer. Check that a Pyrate peer or bootstrap runs there; try again."],
    ["Unanswered", `The other end broke off before it answered. Check the address and the port. ${encrypted}`],
    ...broke("the other end", "Try again."),
    ...foreign("Pyrate")
  ])
}

/** What ends before it has answered was perhaps no such peer. */
const unanswered = new Map([
  ...remedies.peerPy,
  ...["PeerClosed", "SocketError"].map((reason) =>
    [
      reason,
      "What listens there ended the connection before it answered. Check that a PeerPy peer runs there, and the port. "
      + encrypted
    ] as const
  )
])

/** What helps beside what the error says itself. */
const hints = new Map([
  ["KeyMismatch", ofNewKey],
  ["TurnedAway", encrypted],
  ["PlainPeer", startsSecure],
  ["HandshakeTimeout", startsSecure]
])

const { ConnectError, DiscoverError, ReceiveError } = PeerPyError
const { AskError, BootstrapError, DownloadError, PeerError } = PyrateError

const remediesFor = (error: unknown): ReadonlyMap<string, string> => {
  const isOneOf = (...kinds: ReadonlyArray<abstract new(...args: never) => unknown>) =>
    kinds.some((kind) => error instanceof kind)
  if (isOneOf(AskError, BootstrapError, DownloadError, PeerError)) return remedies.pyrate
  if (isOneOf(ChatError.JoinError, ChatError.SendError)) return remedies.chat
  if (isOneOf(ConnectError)) return unanswered
  return isOneOf(DiscoverError, PeerPyError.PeerError, ReceiveError, PeerPyError.SendError)
    ? remedies.peerPy
    : remedies.pyile
}

/** The sentence for a person, without control characters of others; `undefined` where the help has said it all. */
export const sentenceOf = (error: unknown): string | undefined => {
  const reason = reasonOf(error)
  if (reason === "ShowHelp") return undefined
  if (reason === "Defect") {
    return `peerage failed in a way it should not: ${shownDefect(error)}. --log-level DEBUG shows where.`
  }
  const message = Predicate.hasProperty(error, "message") ? String(error.message) : reason
  const hint = hints.get(reason)
  const text = remediesFor(error).get(reason) ?? (hint === undefined ? message : `${message} ${hint}`)
  return text.split("\n").map(printable).join("\n")
}

const shownDefect = (error: unknown) => printable(error instanceof Error ? error.message : String(error))

/** The sentence about a standard output that cannot be written. */
export const outputLost = (code: string): string => {
  const problem = SystemProblem.inWords(code)
  return `The output cannot be written: ${problem}. ${SystemProblem.remedy(problem)}`
}
