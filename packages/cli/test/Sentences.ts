/** Everything a command can end with, in one table: each sentence as the person reads it who meets it. */
import { ChatError, PeerId } from "@peerage/p2p-chat"
import { PeerPyError } from "@peerage/peerpy"
import { PyileError } from "@peerage/pyile"
import { PyrateError } from "@peerage/pyrate"
import { SecureError } from "@peerage/secure"
import { KeyFile } from "@peerage/secure/node"
import { Keyed } from "@peerage/testing"
import { SocketFailure } from "@peerage/transport"
import { FrameError, LinkError } from "@peerage/wire"
import { Duration } from "effect"
import { NameNotFound } from "../src/Addresses.ts"

const address = "192.0.2.1:4702"
const key = Keyed.keyOf(1)

/** A dial that a secure transport has refused. */
const refused = (reason: SecureError.Reason) => {
  const { code, message } = new SecureError.SecureError({ reason, address, key })
  return pyile(new PyileError.Unreachable({ address, code, problem: message }))
}

const check = "Check the address, or that it was started with it."
const starts = "A peer that is encrypted is started as peerage host, or with --secure."
const release = "Use the same release at both ends."

/** Every reason of a secure transport. */
const refusals: ReadonlyArray<readonly [SecureError.Reason, string]> = [
  [{ _tag: "WrongPassphrase" }, "The passphrase is not the one this network uses. Check it before you try again."],
  [{ _tag: "NotMember", own: key }, `This peer admits only keys it knows. Give it yours: ${key}.`],
  [{ _tag: "NotMember" }, `This peer admits only keys it knows. Allow ${key} if it may come in.`],
  [{ _tag: "Banned" }, "Refused: banned. Ask for the ban to be lifted."],
  [
    { _tag: "TooManyGuesses" },
    "Refused: too many wrong passphrases from here, try again in 10 minutes."
  ],
  [{ _tag: "Busy" }, "Refused: busy. Try again in a minute."],
  [
    { _tag: "KeyMismatch", expected: key, actual: key, fingerprints: { expected: "3f2a-91bc", actual: "07de-55a1" } },
    `Somebody else answers at ${address}: expected 3f2a-91bc, got 07de-55a1. Do not go on. A host that was started again has another key, unless it keeps one with --identity: ask there which it has now, and start this command anew, best with a new invitation.`
  ],
  [{ _tag: "OwnKey" }, "Both ends have the same key. Give each peer a key file of its own."],
  [{ _tag: "PlainPeer" }, `${address} does not speak the secure protocol. ${check} ${starts}`],
  [{ _tag: "OtherVersion" }, `${address} speaks another version of the secure protocol. ${release}`],
  [
    { _tag: "Tampered" },
    "The connection was tampered with, or the peer runs another protocol. Check that both ends run the same one."
  ],
  [{ _tag: "Truncated" }, "The connection was cut off. Try again."],
  [
    { _tag: "HandshakeTimeout" },
    `No secure answer in time (a plain peer that waits looks like this). Check that it was started with encryption. ${starts}`
  ],
  [{ _tag: "ProtocolViolation" }, `The peer broke the protocol. ${release}`]
]

const dialed = (code: string) => new PyileError.Unreachable({ address, code })
const listened = (code: string) => new PyileError.ListenFailed({ address: "192.0.2.1:80", code })
const http = new TextEncoder().encode("HTTP/1.1 400 Bad Request")

const closed = new LinkError.PeerClosed()
const silent = new LinkError.PeerUnresponsive({ awaited: "answer", within: Duration.seconds(4) })
const broken = SocketFailure.readFailed(SocketFailure.systemError("ECONNRESET", "read"))
const notIpv4 = new PyileError.NotIpv4({ address: "::1" })
const full = new PyileError.TooMany({ of: "joiners", limit: 64 })
const unexpected = new LinkError.UnexpectedMessage({ expected: "answer", keys: ["question"] })
const malformed = new LinkError.MalformedMessage({ reason: "not UTF-8" })
const noFrame = FrameError.malformed("NotAnObject", 0, http)
const largeFrame = new FrameError.FrameTooLarge({ limit: 10, size: 20 })
const cutFrame = new FrameError.FrameTruncated({ pending: 3 })
const noHeader = new PeerPyError.MalformedHeader({ reason: "no such type" })
const noRequest = new PyrateError.MalformedRequest({ problem: "not UTF-8" })

const pyile = (reason: PyileError.SessionFailure) => new PyileError.JoinError({ reason })
const host = (reason: PyileError.HostError["reason"]) => new PyileError.HostError({ reason })
const say = (reason: PyileError.SendError["reason"]) => new PyileError.SendError({ reason })
const chat = (reason: ChatError.SessionFailure) => new ChatError.JoinError({ reason })
const tell = (reason: ChatError.SendError["reason"]) => new ChatError.SendError({ reason })
const listen = (reason: PeerPyError.PeerError["reason"]) => new PeerPyError.PeerError({ reason })
const call = (reason: PeerPyError.ConnectError["reason"]) => new PeerPyError.ConnectError({ reason })
const find = (reason: PeerPyError.DiscoverError["reason"]) => new PeerPyError.DiscoverError({ reason })
const send = (reason: PeerPyError.SendError["reason"]) => new PeerPyError.SendError({ reason })
const receive = (reason: PeerPyError.EndReason) => new PeerPyError.ReceiveError({ reason })
const get = (reason: PyrateError.DownloadError["reason"]) => new PyrateError.DownloadError({ reason })
const ask = (reason: PyrateError.AskError["reason"]) => new PyrateError.AskError({ reason })
const share = (reason: PyrateError.PeerError["reason"]) => new PyrateError.PeerError({ reason })
const bootstrap = (reason: PyrateError.BootstrapError["reason"]) => new PyrateError.BootstrapError({ reason })

const noId = new ChatError.InvalidId({ id: PeerId.make(-1n) })
const speaks = (protocol: string) =>
  `What answers there does not speak ${protocol} as it should. Check the address and the port.`

const encrypted =
  "An encrypted peer does so to a plain one: give its invitation in place of the address, or add --secure."

const inUse = "192.0.2.1:80 is in use by another program. Stop that program or choose another port."
const noRights =
  "This program may not listen on 192.0.2.1:80 (EACCES): ports below 1024 need rights. Choose one from 1024 on."
const nobody = `No connection to ${address} (ECONNREFUSED). Nothing listens there: check that it is running, and the `
  + "address and the port."
const ipv4Only = "\"::1\" is not an IPv4 address with a port, and this protocol uses only IPv4. Give one such as "
  + "192.0.2.1:4702."

const dials = [
  ["ECONNREFUSED", "Nothing listens there: check that it is running, and the address and the port."],
  ["ECONNRESET", "What listens there ended the connection at once: check the port, and try again."],
  ["ETIMEDOUT", "Nothing answered: check the address, and that no firewall is in between."],
  ["EHOSTUNREACH", "No way leads there: check the address, and this machine's network."],
  ["ENETUNREACH", "No way leads there: check the address, and this machine's network."],
  ["EACCES", "This system does not allow it: check that the address is one host's, and look at its firewall."],
  ["EMFILE", "This machine has no room for more connections: close some, or allow more open files (ulimit -n)."],
  ["EADDRNOTAVAIL", "The address to connect from is not one of this machine's: choose another one to listen at."],
  ["EADDRINUSE", "The port to connect from is in use: choose another one."],
  ["EINVAL", "Check that it is running and that the address is right."]
] as const

/** Errors, and what is said of each. Read it as somebody who has just typed a command: what would you do next? */
export const rows: ReadonlyArray<readonly [error: Error, sentence: string | RegExp]> = [
  ...dials.map(([code, remedy]) => [pyile(dialed(code)), `No connection to ${address} (${code}). ${remedy}`] as const),
  ...[unexpected, malformed, noFrame, largeFrame].map((reason) => [chat(reason), speaks("p2p-chat")] as const),
  ...[unexpected, malformed, noFrame, largeFrame].map((reason) => [pyile(reason), speaks("Pyile")] as const),
  [
    pyile(closed),
    "The host ended the connection or has gone. Join again; with --reconnect the command tries again by itself."
  ],
  [
    pyile(silent),
    "The host does not answer. Check that a Pyile host runs there; with --reconnect the command tries again by itself. "
    + encrypted
  ],
  [
    pyile(broken),
    "The connection broke: the host has gone, or the network between. Join again; with --reconnect the command tries again by itself."
  ],
  [
    pyile(cutFrame),
    "The connection broke: the host has gone, or the network between. Join again; with --reconnect the command tries again by itself."
  ],
  [host(listened("EADDRINUSE")), inUse],
  [
    host(listened("EADDRNOTAVAIL")),
    "192.0.2.1:80 is not one of this machine's addresses. Choose an address of this machine."
  ],
  [host(listened("EACCES")), noRights],
  [host(listened("EMFILE")), "Cannot listen on 192.0.2.1:80: too many files are open. Allow more (ulimit -n)."],
  [host(listened("EINVAL")), "Cannot listen on 192.0.2.1:80 (EINVAL). Choose another address or port."],
  [pyile(listened("EADDRINUSE")), inUse],
  [pyile(notIpv4), ipv4Only],
  [host(notIpv4), ipv4Only],
  [pyile(full), /^(Too many|The network is full)[^]*(later|allow)/],
  [
    pyile(new PyileError.Banned()),
    "The host does not admit this address: it is banned, for a while or for good. Try later, or ask for the ban to be lifted."
  ],
  [
    pyile(new PyileError.WrongPassword()),
    "The host refused the password. Check it before trying again: a few wrong ones get this address banned."
  ],
  [
    pyile(new PyileError.IncompatiblePeer({ release: "0.0.3" })),
    "The host runs Pyile 0.0.3, which is not compatible with 0.1. Ask it to upgrade."
  ],
  [
    pyile(new PyileError.ListsElsewhere({ address: "10.0.0.1:50211", code: "ECONNREFUSED", named: "192.0.2.7" })),
    "No connection to the host's port for lists, 10.0.0.1:50211 (ECONNREFUSED); the host names 192.0.2.7 for them. Where you "
    + "know that lists come from there, join with --dist-host 192.0.2.7 (`distHosts`). Else forward or open that port at the "
    + "host."
  ],
  [
    pyile(new PyileError.AddressTaken({ address: "10.0.0.2:49152" })),
    "A member with another key has joined from 10.0.0.2:49152. Join with another chat port, or when it has left."
  ],
  [
    pyile(new PyileError.ForeignAddress({ claimed: "10.0.0.2:49152", remote: "192.0.2.7" })),
    /^The joiner claims the address 10\.0\.0\.2:49152, but the host sees it come from 192\.0\.2\.7\. .*--advertise/
  ],
  [
    pyile(new PyileError.NoDistConnection()),
    "The joiner did not open its second connection in time. Check that no firewall keeps it from the port for lists."
  ],
  [
    pyile(new PyileError.DistributionLost()),
    "The host has gone. Join again; with --reconnect the command tries again by itself."
  ],
  [
    pyile(new LinkError.TooMuchHeld({ held: 20, limit: 10 })),
    "All connections together held too much in memory, and this one most for longest, so it ended. Join again; PYILE_MAX_HELD_BYTES allows more."
  ],
  [
    pyile(new PyileError.SlowReader()),
    "The host does not read what it is sent, so the session ended. Join again; with --reconnect the command tries again by itself."
  ],
  [
    host(new PyileError.BanStoreError({ action: "read", path: "bans.json", problem: "it is not a list of bans" })),
    "The ban file bans.json cannot be used: it is not a list of bans. Fix or move it. Nothing was changed."
  ],
  [
    host(new PyileError.BanStoreError({ action: "write", path: "bans.json", problem: "the disk is full" })),
    "The bans hold now but not after a restart: bans.json cannot be written: the disk is full. Free some space there, or choose another place. The next ban that can be written brings them back."
  ],
  [
    say(new PyileError.MessageTooLarge({ bytes: 3000, limit: 2048 })),
    "The message takes 3000 bytes on the wire, where a letter beyond ASCII takes 6, and may take 2048. Send it in parts."
  ],
  [
    say(new PyileError.NotJson({ problem: "NaN is no JSON" })),
    "The message cannot be sent: NaN is no JSON. Change it and send it again."
  ],
  [chat(closed), "The peer closed the connection, or has gone. Check that a chat peer runs there, and join again."],
  [chat(silent), "The peer does not answer. Check that a chat peer runs there, and join again."],
  [chat(broken), "The connection broke: the peer has gone, or the network between. Join again."],
  [chat(cutFrame), "The connection broke: the peer has gone, or the network between. Join again."],
  [chat(dialed("ECONNREFUSED")), nobody],
  [chat(listened("EADDRINUSE")), inUse],
  [chat(notIpv4), ipv4Only],
  [chat(full), /^(Too many|The network is full)[^]*(later|allow)/],
  [
    chat(new ChatError.DuplicateId({ id: PeerId.make(10n) })),
    "The id 10 is in use in that network. Choose another id, or give none."
  ],
  [chat(noId), "-1 is not an id that a peer can have. Give a whole number from 1 to 9223372036854775807."],
  [
    chat(new ChatError.AlreadyReachable({ id: PeerId.make(10n) })),
    "The peer 10 is in this network already, and a network has no circles. Join a peer of another one."
  ],
  [
    chat(new ChatError.TurnedAway({ address })),
    "The peer at 192.0.2.1:4702 ended the connection before it answered. It may be full, or encrypted: join another one, or try later. The original p2p-chat accepts ten connections in its lifetime and has to be restarted after that. "
    + encrypted
  ],
  [
    chat(new ChatError.JoinsItself({ address })),
    "192.0.2.1:4702 is this peer's own address. Give the address of the peer to join, or none."
  ],
  [
    chat(new LinkError.TooMuchHeld({ held: 20, limit: 10 })),
    "All connections together held too much in memory, and this one most for longest, so it ended. Join again; P2P_CHAT_MAX_HELD_BYTES allows more."
  ],
  [
    chat(new ChatError.SlowReader()),
    "The neighbour does not read what is sent to it, so the session ended. Join again."
  ],
  [tell(new ChatError.ToSelf()), "You cannot send a message to yourself. Give the id of another peer."],
  [tell(noId), "-1 is not an id that a peer can have. Give a whole number from 1 to 9223372036854775807."],
  [
    tell(new ChatError.MessageTooLarge({ bytes: 70_000, limit: 65_536 })),
    "The message takes 70000 bytes on the wire and may take 65536. Send it in parts."
  ],
  [
    tell(new ChatError.BufferFull({ limit: 1000 })),
    "That peer cannot be reached, and the store, for 1000 messages, is full. Try again later."
  ],
  [listen(listened("EADDRINUSE")), inUse],
  [listen(notIpv4), ipv4Only],
  [
    listen(new PeerPyError.NoAddress({ address: "0.0.0.0:20000" })),
    "0.0.0.0:20000 is no address that others can use. Listen at one of this machine's addresses, or advertise it."
  ],
  [
    call(closed),
    `What listens there ended the connection before it answered. Check that a PeerPy peer runs there, and the port. ${encrypted}`
  ],
  [call(silent), "The peer does not answer. Check that a PeerPy peer runs there; --timeout waits longer."],
  [
    call(broken),
    `What listens there ended the connection before it answered. Check that a PeerPy peer runs there, and the port. ${encrypted}`
  ],
  [call(cutFrame), "The connection broke: the peer has gone, or the network between. Connect again."],
  [call(unexpected), speaks("PeerPy")],
  [call(noHeader), speaks("PeerPy")],
  [call(dialed("ECONNREFUSED")), nobody],
  [call(notIpv4), ipv4Only],
  [call(full), /^(Too many|The network is full)[^]*(later|allow)/],
  [
    call(new PeerPyError.Denied({ address })),
    "The peer at 192.0.2.1:4702 does not want this connection. Ask there, or try another type of data."
  ],
  [
    call(new PeerPyError.OwnAddress({ address })),
    "192.0.2.1:4702 is this peer's own address. Give the address of another peer."
  ],
  [
    find(new PeerPyError.NoDatagrams({ code: "ENETUNREACH" })),
    "The local network cannot be asked (ENETUNREACH). Check that this machine has a network, and that its firewall lets UDP out."
  ],
  [
    find(new PeerPyError.NoAddress({ address: "0.0.0.0:20000" })),
    "0.0.0.0:20000 is no address that others can use. Listen at one of this machine's addresses, or advertise it."
  ],
  [receive(closed), "The peer closed the connection, or has gone. Connect again to go on."],
  [receive(broken), "The connection broke: the peer has gone, or the network between. Connect again."],
  [receive(cutFrame), "The connection broke: the peer has gone, or the network between. Connect again."],
  [receive(unexpected), speaks("PeerPy")],
  [receive(noHeader), speaks("PeerPy")],
  [receive(new PeerPyError.Closed()), "The connection was closed here. Connect again to go on."],
  [
    receive(new PeerPyError.StrictViolation({ agreed: "json", received: "raw" })),
    "The peer sent raw data over a connection for json data. Connect for raw data."
  ],
  [
    receive(new PeerPyError.PayloadTooLarge({ size: 20, limit: 10 })),
    "A payload of 20 bytes is larger than the 10 held in memory. Receive it as a stream."
  ],
  [
    receive(new PeerPyError.WrongLength({ announced: 10, actual: 5 })),
    "The stream gave 5 bytes where 10 were announced, so the connection ended. Connect again, and send as many as you announce."
  ],
  [
    receive(new LinkError.TooMuchHeld({ held: 20, limit: 10 })),
    "All connections together held too much in memory, and this one most for longest, so it ended. Connect again; PEERPY_MAX_HELD_BYTES allows more."
  ],
  [
    receive(new PeerPyError.SlowReader()),
    "The peer does not read what it is sent, so the connection ended. Connect again."
  ],
  [
    send(new PeerPyError.UnsendableValue({ type: "json", problem: "NaN is no JSON" })),
    "The value cannot be sent as json: NaN is no JSON. Change it, or connect for another type of data."
  ],
  [
    send(new PeerPyError.WrongSize({ agreed: 4, actual: 5 })),
    "This stream carries frames of 4 bytes, and this one has 5. Send 4 bytes."
  ],
  [ask(closed), "The other end closed the connection, or has gone, before it was done. Try again."],
  [ask(silent), "The other end does not answer. Check that a Pyrate peer or bootstrap runs there; try again."],
  [ask(broken), "The connection broke: the other end has gone, or the network between. Try again."],
  [
    ask(new PyrateError.Unanswered()),
    `The other end broke off before it answered. Check the address and the port. ${encrypted}`
  ],
  [ask(largeFrame), speaks("Pyrate")],
  [ask(noRequest), speaks("Pyrate")],
  [ask(dialed("ECONNREFUSED")), nobody],
  [ask(notIpv4), ipv4Only],
  [ask(full), /^(Too many|The network is full)[^]*(later|allow)/],
  [
    ask(new PyrateError.Unsupported({ peer: address })),
    "192.0.2.1:4702 is likely to run the original Pyrate, which dies when asked for its list. Nothing was sent; search for a file by its name."
  ],
  [
    get(new PyrateError.NoSuchFile({ name: "song.txt" })),
    "The peer shares no file song.txt. Ask it for its list, or search."
  ],
  [
    get(new PyrateError.EmptyAnswer({ name: "song.txt" })),
    "The peer sent nothing for song.txt: it has no such file, or an empty one. Nothing was saved; check the name."
  ],
  [
    get(new PyrateError.Incomplete({ name: "song.txt", received: 5, total: 10 })),
    "The transfer of song.txt ended after 5 of 10 bytes. Nothing was saved; try again."
  ],
  [
    get(new PyrateError.Corrupted({ name: "song.txt" })),
    "What arrived of song.txt is not what the peer sent. Nothing was saved; try again."
  ],
  [
    get(new PyrateError.AlreadyThere({ path: "song.txt" })),
    "song.txt is there already and stays as it is. Save to another folder with --to (`to`), or replace it with --replace (`replace`)."
  ],
  [
    get(new PyrateError.FileTooLarge({ limit: 10 })),
    "The file is larger than the limit of 10 bytes. Nothing was saved; set PYRATE_MAX_FILE_BYTES to allow more."
  ],
  [get(listened("EACCES")), noRights],
  [
    get(new PyrateError.FileTrouble({ path: "song.txt", problem: "the disk is full" })),
    "song.txt cannot be used: the disk is full. Free some space there, or choose another place."
  ],
  [share(listened("EADDRINUSE")), inUse],
  [
    share(new PyrateError.NoAddress({ address: "0.0.0.0:5000" })),
    "0.0.0.0:5000 is no address that others can use. Listen at one of this machine's addresses, or advertise it."
  ],
  [bootstrap(listened("EADDRINUSE")), inUse],
  [bootstrap(notIpv4), ipv4Only],
  ...refusals.map(([reason, said]) => [refused(reason), said] as const),
  [
    new KeyFile.KeyFileError({ path: "my.key", problem: "ReadableByOthers" }),
    "Others may read or change the key file my.key. If nobody else has its key, keep it to yourself: chmod 600 my.key. Otherwise remove it, and a new key is made."
  ],
  [
    new NameNotFound({ name: "nobody.invalid" }),
    "No IPv4 address is known for the name nobody.invalid. Check the name, or give the address."
  ]
]
