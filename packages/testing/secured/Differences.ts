/**
 * Tests of the protocols that fail over the secure transport, each with its reason: they look at the pieces in which bytes
 * arrive, or how TCP ends. Everything else passes unchanged. A test that is named here and passes is an error.
 */

/** Why tests fail, and which: by their file below `packages`, with the names of their groups and their own. */
const reasons: ReadonlyArray<{
  readonly why: string
  readonly tests: { readonly [file: string]: ReadonlyArray<string> }
}> = [
  {
    why: "bytes arrive in segments as they were written: over a stream, in records, and as its window allows",
    tests: {
      "p2p-chat/test/exchange/Conversation.test.ts": [
        "what is sent > to an original is a write for each frame"
      ],
      "p2p-chat/test/peer/Original.test.ts": [
        "an original > writes header and body apart"
      ],
      "peerpy/test/exchange/MessageWriter.test.ts": [
        "a writer that is paced > writes a small payload in one piece, at once",
        "a writer that is paced > writes a large payload that comes whole in chunks of exactly 8192 bytes with pauses",
        "a writer that is paced > writes a large payload that comes in other chunks in chunks of exactly 8192 bytes with pauses"
      ],
      "peerpy/test/manners/Streaming.test.ts": [
        "a stream to an original > has a header in front of its first frame and bare frames behind it"
      ]
    }
  },
  {
    why: "a frame of 60 kB is in one segment, so that none of it is held before it is whole",
    tests: {
      "p2p-chat/test/peer/Holding.test.ts": [
        "a peer whose memory is filled > with frames that never end holds no more than its budget, and takes those of others"
      ]
    }
  },
  {
    why: "a list of some hundred bytes is more than a window: a stream begins with one of 8 KiB",
    tests: {
      "pyile/test/peer/Reading.test.ts": [
        "a peer that does not read > is turned away where it leaves the first list unread for 4 seconds, and gives its place back"
      ]
    }
  },
  {
    why:
      "a segment of 1460 bytes arrives each second and a half: over a stream, a record of 8 to 16 KiB in 8 to 16 seconds",
    tests: {
      "pyrate/test/peer/downloading/Slow.test.ts": [
        "a floor of speed > ends a slower one, after 10 seconds that are free of charge, and nothing is left",
        "a floor of speed > lets a slow download go on: a lower one",
        "a floor of speed > lets a slow download go on: none, as it is by default"
      ]
    }
  },
  {
    why: "the system answers what comes after a close with RST: a stream answers STOP",
    tests: {
      "peerpy/test/manners/Ending.test.ts": [
        "an original that spins on a FIN > is told with a reset when it goes on with a connection that it was denied"
      ]
    }
  }
]

/** Each test that is expected to fail: its file, and its name. */
export const differences: ReadonlyArray<readonly [file: string, title: string]> = reasons.flatMap(({ tests }) =>
  Object.entries(tests).flatMap(([file, titles]) => titles.map((title) => [file, title] as const))
)
