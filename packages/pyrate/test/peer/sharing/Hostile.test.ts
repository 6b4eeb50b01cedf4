import { assert, describe, it } from "@effect/vitest"
import { FileName } from "@peerage/pyrate"
import { Connection, PeerAddress, Transport } from "@peerage/transport"
import { Duration, Effect, Fiber, Queue } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import { folder, real, scene, secret } from "../Folder.ts"
import { next, say, sharing } from "./Strangers.ts"

const song = FileName.FileName.make("song.txt")
const loopback = NetAddress.inetAddressFromStringUnsafe("127.0.0.1:0")

describe("a peer that is asked for what is not shared", () => {
  it.live.each([
    "../secret.txt",
    "..",
    ".",
    "/etc/passwd",
    "link.txt",
    ".hidden",
    "song.txt:x",
    "song.txt\n",
    "song.txt\0",
    "a/../song.txt",
    "none.txt"
  ])("sends not a byte of %j", (name) =>
    Effect.gen(function*() {
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
    }).pipe(real))
})

describe("a peer that is told nonsense", () => {
  it.live.each([
    { what: "a found file whose name leads elsewhere", said: "7:id:127.0.0.1:5005:../x", reason: "MalformedRequest" },
    { what: "a search for a hidden file", said: "6:id:.hidden:127.0.0.1:5005:3", reason: "MalformedRequest" },
    { what: "a port that is none", said: "6:id:song.txt:127.0.0.1:99999:3", reason: "MalformedRequest" },
    { what: "a TTL that is none", said: "6:id:song.txt:127.0.0.1:5005:-1", reason: "MalformedRequest" },
    { what: "half a message", said: "6:id:so", reason: "MalformedRequest" },
    { what: "a request of another protocol", said: "GET / HTTP/1.1\r\n\r\n", reason: "MalformedRequest" },
    { what: "a download of nothing", said: "4:", reason: "MalformedRequest" },
    { what: "what a bootstrap is told", said: "0:5005", reason: "UnexpectedMessage" },
    { what: "an endless name", said: `4:${"x".repeat(100_000)}`, reason: "FrameTooLarge" }
  ])("hangs up on $what, tells of $reason, and serves the next one", ({ reason, said }) =>
    Effect.gen(function*() {
      const { directory, put } = yield* folder
      yield* put("song.txt", "la la")
      const peer = yield* sharing(directory)
      const rejected = yield* next(peer, ({ _tag }) => _tag === "Rejected")
      const { back, here } = yield* say(peer.self, said)
      assert.strictEqual(here.text, "")
      assert.isUndefined(back)
      assert.deepInclude(yield* Fiber.join(rejected), { reason })
      assert.strictEqual((yield* say(peer.self, "5:")).here.text, "song.txt\n")
    }).pipe(real))

  it.live("does not count an answer to a search that it never made", () =>
    Effect.gen(function*() {
      const { directory, put } = yield* folder
      yield* put("song.txt", "la la")
      const peer = yield* sharing(directory)
      const told = yield* next(peer, ({ _tag }) => _tag === "Hit" || _tag === "Served")
      yield* say(peer.self, `7:id:127.0.0.1:5005:song.txt`)
      yield* say(peer.self, "4:song.txt")
      assert.deepInclude(yield* Fiber.join(told), { _tag: "Served", name: song, bytes: 5 })
    }).pipe(real))
})

describe("a peer with strangers who say nothing", () => {
  it.live("serves others meanwhile, and hangs up on them", () =>
    Effect.gen(function*() {
      const { directory, put } = yield* folder
      yield* put("song.txt", "la la")
      const peer = yield* sharing(directory, { maxHandshakesPerAddress: 21, idleTimeout: Duration.seconds(1) })
      const transport = yield* Transport.Transport
      const connect = Effect.acquireRelease(
        transport.connect(PeerAddress.toInet(peer.self)),
        (pipe) => Effect.sync(() => pipe.close())
      )
      const silent = yield* Effect.all(Array.from({ length: 20 }, () => connect))
      assert.strictEqual((yield* say(peer.self, "5:")).here.text, "song.txt\n")
      for (const pipe of silent) {
        const { pull } = yield* Connection.fromPipe(pipe).reader
        assert.strictEqual((yield* Effect.flip(pull)).reason._tag, "SocketCloseError")
      }
    }).pipe(real))

  it.live("refuses more of them than it has room for, and takes others when they are gone", () =>
    Effect.gen(function*() {
      const { directory, put } = yield* folder
      yield* put("song.txt", "la la")
      const peer = yield* sharing(directory, { maxHandshakesPerAddress: 2 })
      const transport = yield* Transport.Transport
      const rejected = yield* next(peer, ({ _tag }) => _tag === "Rejected")
      const first = yield* transport.connect(PeerAddress.toInet(peer.self))
      const second = yield* transport.connect(PeerAddress.toInet(peer.self))
      const third = yield* transport.connect(PeerAddress.toInet(peer.self))
      assert.deepInclude(yield* Fiber.join(rejected), { reason: "TooMany" })
      for (const pipe of [first, second, third]) pipe.reset()
      const list = Effect.filterOrFail(say(peer.self, "5:"), ({ here }) => here.text !== "")
      assert.strictEqual((yield* Effect.retry(list, { times: 100 })).here.text, "song.txt\n")
    }).pipe(real))
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

  it.live("takes only names from its list that are safe", () =>
    Effect.gen(function*() {
      const peer = yield* sharing((yield* folder).directory)
      const holder = yield* answering("../../x\nsong.txt\n/etc/passwd\n.profile\nnul\n\u001b[2J\n")
      assert.deepStrictEqual(yield* peer.list(holder), [song])
    }).pipe(real))

  it.live("stops an endless list", () =>
    Effect.gen(function*() {
      const peer = yield* sharing((yield* folder).directory, { maxListBytes: 10_000 })
      const holder = yield* answering("song.txt\n".repeat(10_000))
      assert.strictEqual((yield* Effect.flip(peer.list(holder))).reason._tag, "FrameTooLarge")
    }).pipe(real))

  it.live("stops an endless file, and keeps nothing of it", () =>
    Effect.gen(function*() {
      const { directory, entries } = yield* folder
      const peer = yield* sharing(directory, { maxFileBytes: 10_000 })
      const holder = yield* answering("la la".repeat(10_000))
      assert.strictEqual((yield* Effect.flip(peer.download(holder, song))).reason._tag, "FileTooLarge")
      assert.deepStrictEqual(yield* entries, [])
    }).pipe(real))

  it.live("does not ask for what it would not save", () =>
    Effect.gen(function*() {
      const { at, directory, put } = yield* folder
      yield* put("song.txt", "mine")
      const peer = yield* sharing(directory)
      const nobody = PeerAddress.at("127.0.0.1", 1)
      assert.strictEqual((yield* Effect.flip(peer.download(nobody, song))).reason._tag, "AlreadyThere")
      const elsewhere = peer.download(nobody, song, { to: at("none") })
      assert.strictEqual((yield* Effect.flip(elsewhere)).reason._tag, "FileTrouble")
    }).pipe(real))
})
