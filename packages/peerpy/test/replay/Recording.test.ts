/** The recording is played as it was recorded. */
import { assert, describe, it } from "@effect/vitest"
import { Recording } from "@peerage/testing"
import { vectors } from "../fixtures/Vectors.ts"
import { valueOf } from "./Adapter.ts"
import * as Cues from "./Cues.ts"
import { describe as inWords, digestOf } from "./Messages.ts"
import { messagesOf, sessions } from "./Recording.ts"

/** The digests of all bytes of each side, as the recording has them where it leaves bytes out. */
const totals = vectors.flatMap(({ connections, name }) =>
  connections.flatMap(({ client_total, server_total }, index) =>
    client_total === undefined || server_total === undefined
      ? []
      : [{ name, number: index + 1, client: client_total, server: server_total }]
  )
)

const bytesOf = (name: string, number: number, side: Recording.Side) => {
  const connection = sessions.find((session) => session.name === name)?.connections[number - 1]
  return Buffer.concat(connection === undefined ? [] : messagesOf(connection, side).map(({ bytes }) => bytes))
}

describe("a recording", () => {
  it("is played with the very bytes that were sent, also where they are left out", () => {
    assert.strictEqual(totals.length, 3)
    for (const { client, name, number, server } of totals) {
      assert.strictEqual(digestOf(bytesOf(name, number, "opener")), client.sha256)
      assert.strictEqual(digestOf(bytesOf(name, number, "acceptor")), server.sha256)
    }
  })

  it("is played with the very segments where only their beginning was recorded", () => {
    const long = vectors.flatMap(({ connections, name }) =>
      connections.flatMap(({ events }, index) =>
        events.flatMap((event) => "sha256" in event ? [{ ...event, name, number: index + 1 }] : [])
      )
    )
    assert.strictEqual(long.length, 2)
    for (const { from, len, name, number, sha256 } of long) {
      const connection = sessions.find((session) => session.name === name)?.connections[number - 1]
      const played = connection?.happenings.flatMap(({ by, what }) =>
        by === (from === "client" ? "opener" : "acceptor") && typeof what !== "string" && what.length === len
          ? [digestOf(what)]
          : []
      )
      assert.deepStrictEqual(played, [sha256])
    }
  })

  it("is cut into the messages that its reader found in it", () => {
    for (const { connections, name } of vectors) {
      for (const [index, { messages }] of connections.entries()) {
        const connection = sessions.find((session) => session.name === name)?.connections[index]
        if (messages === undefined || connection === undefined) continue
        for (const [end, side] of [["client", "opener"], ["server", "acceptor"]] as const) {
          const found = messages.flatMap(({ from, header }) => from === end ? [header ?? "frame"] : [])
          assert.deepStrictEqual(
            // It lost its place where bytes are left out.
            messagesOf(connection, side).slice(0, found.length).map(({ header }) => header ?? "frame"),
            found,
            `${name} ${index + 1} ${side}`
          )
        }
      }
    }
  })

  it("has us send what was sent", () => {
    const sent = sessions.flatMap((session) =>
      session.roles.flatMap((role) =>
        session.connections.flatMap((connection) => {
          const side = Recording.sideOf(role, connection)
          return side === undefined ?
            [] :
            Cues.linesOf(connection, side).map(valueOf).map((value) =>
              `${Recording.placeOf(session, role)}: ${
                value instanceof Uint8Array ? inWords(value) : Cues.describeValue(value)
              }`
            )
        })
      )
    )
    assert.strictEqual(sent.length, 74)
    assert.includeMembers(sent, [
      "connect_json as alice: \"Hello world\"",
      "connect_json as bob: \"from bob\"",
      "raw as alice: {1, 2}",
      "large as alice 20014: 1048576 bytes",
      "stream_both as bob: 01010101010101010101010101010101",
      "connect_again as alice: \"still?\""
    ])
  })
})
