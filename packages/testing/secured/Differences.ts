/**
 * Tests of the protocols that fail over the secure transport, each with its reason: they look beneath it, or the transport
 * differs on purpose. Everything else passes unchanged. A test that is named here and passes is an error.
 */

/** Why tests fail, and which: by their file below `packages`, with the names of their groups and their own. */
const reasons: ReadonlyArray<{
  readonly why: string
  readonly tests: { readonly [file: string]: ReadonlyArray<string> }
}> = [
  {
    why: "reads plain bytes, or counts connections, segments, FIN or RST, in the trace of the carriers or in chunks",
    tests: {
      "pyrate/test/peer/bootstrap/BootstrapSession.test.ts": [
        "a peer whose bootstrap is gone > is tried no more when a secure transport refuses the peer for good"
      ],
      "peerpy/test/exchange/MessageWriter.test.ts": [
        "a writer that is paced > writes a small payload in one piece, at once",
        "a writer that is paced > writes a large payload that comes whole in chunks of exactly 8192 bytes with pauses",
        "a writer that is paced > writes a large payload that comes in other chunks in chunks of exactly 8192 bytes with pauses"
      ],
      "pyile/test/peer/host/Guessing.test.ts": [
        "a host whose password is guessed > counts a thousand guesses at once as its three, and no right password helps after them"
      ],
      "p2p-chat/test/peer/Holding.test.ts": [
        "a peer whose memory is filled > with frames that never end holds no more than its budget, and takes those of others"
      ],
      "p2p-chat/test/exchange/Conversation.test.ts": [
        "what is sent > to an original is a write for each frame"
      ],
      "p2p-chat/test/peer/MixedBursts.test.ts": [
        "a burst of 100 messages > to an original arrives whole, eight at a time, each frame in a segment of its own"
      ],
      "p2p-chat/test/peer/Original.test.ts": [
        "an original > reads header and body apart, and frames…"
      ],
      "peerpy/test/manners/Ending.test.ts": [
        "a connection between two of ours > ends with FIN at once",
        "an established connection to an original > never sees a FIN, whoever closes it and in whichever role",
        "an original that spins on a FIN > is told with a reset when it goes on with a connection that it was denied"
      ],
      "peerpy/test/manners/Greeting.test.ts": [
        "two of ours > know each other by their first words, and need not wait"
      ],
      "peerpy/test/manners/Probing.test.ts": [
        "an idle connection to an original > is probed every 2 seconds with the very bytes of an original"
      ],
      "peerpy/test/manners/Sending.test.ts": [
        "a large payload to an original > goes at once where it is told not to be paced",
        "a large payload to an original > goes in writes of 8192 bytes with pauses, behind its header",
        "a large payload to one of ours > goes at once, and in writes as large as they may be"
      ],
      "peerpy/test/manners/Streaming.test.ts": [
        "a stream to an original > has a header in front of its first frame and bare frames behind it"
      ],
      "peerpy/test/peer/Large.test.ts": [
        "a payload too large to be held > goes from a stream to a stream, 64 MiB with next to nothing held"
      ],
      "peerpy/test/peer/Together.test.ts": [
        "small values that are sent in one turn > go out in one write, in order"
      ],
      "pyile/test/exchange/Heartbeat.test.ts": [
        "a joiner > answers any object as a beat, as the original does not look at it"
      ],
      "pyile/test/peer/Leaving.test.ts": [
        "leaving > a joiner has left at once, and reads on for 3 seconds at most where a host takes its time",
        "leaving > a joiner, at once, ends its auth connection first and its dist connection after the host's FIN, never with RST",
        "leaving > a joiner, when it has come back once, ends its auth connection first and its dist connection after the host's FIN, never with RST"
      ],
      "pyile/test/peer/Outage.test.ts": [
        "a network with an outage > removes a joiner 4 seconds after a beat without an answer, and is left by it then"
      ],
      "pyile/test/peer/Rejoining.test.ts": [
        "a joiner that has lost its host > begins its pauses anew after a stay, and not after an admission",
        "a joiner that has lost its host > comes back after a kick as soon as the bar is over, however patient its schedule is"
      ],
      "pyile/test/peer/chat/Sending.test.ts": [
        "a peer that sends > sends a message of exactly 2048 bytes"
      ],
      "pyrate/test/exchange/Bootstrap.test.ts": [
        "a peer that tells a bootstrap of itself > says 0:5005 in one write, and waits for the bootstrap to hang up",
        "a peer that tells a bootstrap of itself > says 2:5005 in one write, and waits for the bootstrap to hang up",
        "a peer that tells a bootstrap of itself > says 3:5005 in one write, and waits for the bootstrap to hang up"
      ],
      "pyrate/test/peer/Walk.test.ts": [
        "the walk through the documentation > goes as it is written there, in the words of the protocol"
      ],
      "pyrate/test/peer/searching/Searching.test.ts": [
        "a peer that knows many > asks so many of them, chosen at random",
        "a random network of 25 peers > gives every file that can be reached in so many hops",
        "a random network of 25 peers > is searched through with as many messages as its shape asks for",
        "a search > counts its hops down, and is passed on ten times at most",
        "a search > finds a file at the end of its hops",
        "a search > finds no file behind that",
        "a search > goes round a ring both ways, and one li…",
        "a search > reaches all leaves of a star",
        "a search > says in each message who searches for what, under one name",
        "a search > stops at whoever has the file",
        "a search > takes one message for each link of a ch…",
        "a search > without hops asks those whom this peer …"
      ]
    }
  },
  {
    why: "the transport has keys: lists and events name them, senders are known by them, and a kick is of one",
    tests: {
      "pyile/test/loopback/Loopback.test.ts": [
        "on loopback, a joiner > joins from an address of its own, by which others know whom a message is from"
      ],
      "pyile/test/peer/Membership.test.ts": [
        "membership > is refused beyond maxMembers before any list is sent, which disturbs no member",
        "membership > is refused to a joiner that claims the host's own address, even a trusted one",
        "membership > is told in order at the host and at a member, which never lists itself"
      ],
      "pyile/test/peer/Nat.test.ts": [
        "a joiner behind NAT > is known by its claim to a host that trusts claims, which reads what it says",
        "a joiner behind NAT > is turned away when it claims its inner address, and both ends are told both addresses"
      ],
      "pyile/test/peer/Observing.test.ts": [
        "who runs a host > is warned once when the list outgrows what an original joiner can read"
      ],
      "pyile/test/peer/Outage.test.ts": [
        "a network with an outage > has a joiner once that died and joins again from the same address before it was missed",
        "a network with an outage > takes a joiner in again that reconnects when the partition has healed"
      ],
      "pyile/test/peer/chat/Receiving.test.ts": [
        "a peer that receives > reads what comes from its own machine, but believes no name there",
        "the sender of a message > is Verified, one of several (SharedAddress), or not who it says (Mismatch)"
      ],
      "pyile/test/peer/host/Guessing.test.ts": [
        "a host whose password is guessed > forgets wrong passwords of the real address with a right one, and the oldest of too many"
      ],
      "pyile/test/peer/host/Moderation.test.ts": [
        "a moderating host > kicks a member, once, and tells until when its address is barred",
        "a moderating host > lifts a kick and a ban together"
      ]
    }
  },
  {
    why: "fills a window of some hundred bytes, and a stream begins with one of 64 KiB",
    tests: {
      "pyile/test/peer/Reading.test.ts": [
        "a peer that does not read > is dropped by its host though it answers beats, and keeps nobody else from theirs",
        "a peer that does not read > is dropped by its host where it leaves its lists unread, though it answers beats",
        "a peer that does not read > is given up by its joiner though it sends beats",
        "a peer that does not read > is turned away where it leaves the first list unread for 4 seconds, and gives its place back"
      ],
      "pyrate/test/peer/Holding.test.ts": [
        "a bootstrap whose lists nobody reads > holds no more of them than it may, and answers who reads",
        "a peer whose list nobody reads > holds a piece of it for each requester, and not the whole"
      ],
      "pyrate/test/peer/bootstrap/BootstrapHostile.test.ts": [
        "the list > that nobody reads is waited with for ten seconds"
      ]
    }
  },
  {
    why: "a link so slow that a record of up to 64 KiB takes longer than the test waits for the first of its bytes",
    tests: {
      "pyrate/test/peer/downloading/Slow.test.ts": [
        "a floor of speed > ends a slower one, after 10 seconds that are free of charge, and nothing is left",
        "a floor of speed > lets a slow download go on: a lower one",
        "a floor of speed > lets a slow download go on: none, as it is by default"
      ]
    }
  },
  {
    why: "more strangers at once than there are places for handshakes: a dial of theirs fails",
    tests: {
      "pyile/test/peer/host/Floods.test.ts": [
        "a host with silent strangers at its door > lets everybody else in within a second: 300 addresses with one each"
      ],
      "pyrate/test/peer/bootstrap/Floods.test.ts": [
        "a bootstrap with silent strangers at its door > serves everybody else at once: 300 addresses with one each"
      ]
    }
  },
  {
    why: "a message to a host that was heard of less than 2 seconds before it died counts as written",
    tests: {
      "pyile/test/peer/chat/Sending.test.ts": [
        "a peer that sends > reports whom a broadcast reached, without itself"
      ]
    }
  },
  {
    why: "expects to be back as soon as one handshake of TCP is done, or that this takes a turn of its own",
    tests: {
      "p2p-chat/test/peer/Coming.test.ts": [
        "a neighbour that died without a word > is let in again once its old self is found out, as it tries again"
      ],
      "pyrate/test/peer/bootstrap/BootstrapSession.test.ts": [
        "a peer whose bootstrap is gone > is back half a minute after the bootstrap is"
      ]
    }
  }
]

/** Each test that is expected to fail: its file, and its name. */
export const differences: ReadonlyArray<readonly [file: string, title: string]> = reasons.flatMap(({ tests }) =>
  Object.entries(tests).flatMap(([file, titles]) => titles.map((title) => [file, title] as const))
)

/** Tests that would wait for ever, as their time stands still meanwhile: they are not run. Each with its reason. */
export const endless: ReadonlyArray<readonly [file: string, title: string, why: string]> = [
  [
    "pyrate/test/peer/bootstrap/BootstrapSession.test.ts",
    "a peer whose bootstrap is gone > is told so by a question of its own, and back with the next",
    "a dial to a host that was heard of less than 2 seconds ago succeeds, and its question waits for longer than the test"
  ],
  [
    "peerpy/test/peer/Together.test.ts",
    "values that are sent at once > go out in one write",
    "its 139 kB are more than a window, and do not all arrive while time stands still"
  ]
]
