import { assert, describe } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import { PeerAddress, Transport } from "@peerage/transport"
import { Effect, Fiber, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { folder, live, scene, secret } from "../Folder.ts"
import { next, say, sharing } from "./Strangers.ts"

const song = FileName.FileName.make("song.txt")
const loopback = NetAddress.inetAddressFromStringUnsafe("127.0.0.1:0")

describe("a peer that is asked for what is not shared", () => {
  live.each([
    ["../secret.txt", "..", ".", "/etc/passwd", "link.txt", ".hidden", "song.txt:x", "song.txt\n"],
    ["song.txt\0", "a/../song.txt", "none.txt"]
  ].flat())("sends not a byte of %j", function*(name) {
    const { outside, shared } = yield* scene
    yield* shared.put("song.txt", "la la")
    yield* shared.put(".hidden", secret)
    yield* shared.link(outside.at("secret.txt"), "link.txt")
    const peer = yield* sharing(shared.directory)
    const rejected = yield* next(peer, ({ _tag }) => _tag === "Rejected")
    const { back, here } = yield* say(peer.self, `4:${name}`)
    assert.strictEqual(here.text, "\0pyrate+ missing\n")
    assert.deepStrictEqual(back, { text: "", end: "Fin" })
    assert.deepInclude(yield* Fiber.join(rejected), { reason: "NoSuchFile", host: "127.0.0.1" })
  })
})

describe("a peer that is told nonsense", () => {
  live.each(
    [
      { what: "a found file whose name leads elsewhere", said: "7:id:127.0.0.1:5005:../x", reason: "MalformedRequest" },
      { what: "a search for a hidden file", said: "6:id:.hidden:127.0.0.1:5005:3", reason: "MalformedRequest" },
      { what: "a port that is none", said: "6:id:song.txt:127.0.0.1:99999:3", reason: "MalformedRequest" },
      { what: "a TTL that is none", said: "6:id:song.txt:127.0.0.1:5005:-1", reason: "MalformedRequest" },
      { what: "half a message", said: "6:id:so", reason: "MalformedRequest" },
      { what: "a request of another protocol", said: "GET / HTTP/1.1\r\n\r\n", reason: "MalformedRequest" },
      { what: "a download of nothing", said: "4:", reason: "MalformedRequest" },
      { what: "what a bootstrap is told", said: "0:5005", reason: "UnexpectedMessage" },
      { what: "an endless name", said: `4:${"x".repeat(100_000)}`, reason: "FrameTooLarge" }
    ] as const
  )("hangs up on $what, tells of $reason, and serves the next one", function*({ reason, said }) {
    const { directory, put } = yield* folder
    yield* put("song.txt", "la la")
    const peer = yield* sharing(directory)
    const rejected = yield* next(peer, ({ _tag }) => _tag === "Rejected")
    const { back, here } = yield* say(peer.self, said)
    assert.strictEqual(here.text, "")
    assert.isUndefined(back)
    assert.deepInclude(yield* Fiber.join(rejected), { reason })
    assert.strictEqual((yield* say(peer.self, "5:")).here.text, "song.txt\n")
  })

  live("does not count an answer to a search that it never made", function*() {
    const { directory, put } = yield* folder
    yield* put("song.txt", "la la")
    const peer = yield* sharing(directory)
    const told = yield* next(peer, ({ _tag }) => _tag === "Hit" || _tag === "Served")
    yield* say(peer.self, `7:id:127.0.0.1:5005:song.txt`)
    yield* say(peer.self, "4:song.txt")
    assert.deepInclude(yield* Fiber.join(told), { _tag: "Served", name: song, bytes: 5 })
  })
})

describe("a peer whose holder is hostile", () => {
  /** A holder that answers whatever it is asked with some text. */
  const answering = Effect.fnUntraced(function*(answer: string) {
    const listener = yield* (yield* Transport.Transport).listen(loopback)
    const serve = Effect.gen(function*() {
      const pipe = yield* Queue.take(listener.accepted)
      pipe.write([new TextEncoder().encode(answer)])
      pipe.close()
    })
    yield* Effect.forkScoped(Effect.forever(serve))
    return PeerAddress.at("127.0.0.1", listener.address.port)
  })

  live("takes only names from its list that are safe", function*() {
    const peer = yield* sharing((yield* folder).directory)
    const holder = yield* answering("../../x\nsong.txt\n/etc/passwd\n.profile\nnul\n\u001b[2J\n")
    assert.deepStrictEqual(yield* peer.list(holder), [song])
  })

  live("stops an endless list", function*() {
    const peer = yield* sharing((yield* folder).directory, { maxFileListBytes: 10_000 })
    const holder = yield* answering("song.txt\n".repeat(10_000))
    assert.strictEqual((yield* Effect.flip(peer.list(holder))).reason._tag, "FrameTooLarge")
  })

  live("stops an endless file, and keeps nothing of it", function*() {
    const { directory, entries } = yield* folder
    const peer = yield* sharing(directory, { maxFileBytes: 10_000 })
    const holder = yield* answering("la la".repeat(10_000))
    assert.strictEqual((yield* Effect.flip(peer.download(holder, song))).reason._tag, "FileTooLarge")
    assert.deepStrictEqual(yield* entries, [])
  })

  live("does not ask for what it would not save", function*() {
    const { at, directory, put } = yield* folder
    yield* put("song.txt", "mine")
    const peer = yield* sharing(directory)
    const nobody = PeerAddress.at("127.0.0.1", 1)
    assert.strictEqual((yield* Effect.flip(peer.download(nobody, song))).reason._tag, "AlreadyThere")
    const elsewhere = peer.download(nobody, song, { to: at("none") })
    assert.strictEqual((yield* Effect.flip(elsewhere)).reason._tag, "FileTrouble")
  })
})
