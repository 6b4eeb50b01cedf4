/** A page that is open until its standard input ends: in a browser, or a program that takes every frame as the page does. */
import { Api } from "@peerage/console/Api"
import { Effect, Layer, Stream } from "effect"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as Socket from "effect/socket/Socket"
import { chromium } from "playwright-core"
import { browser, kinds } from "./Kinds.ts"

const [link = "", kind = ""] = process.argv.slice(2)
const { hash, host, origin } = new URL(link)

const opened = () => console.log("open")

const read = async () => {
  const headers = { authorization: `Bearer ${hash.slice(1)}` }
  const key = await (await fetch(`${origin}/session`, { method: "POST", headers })).text()
  const socket = Socket.layerWebSocket(`ws://${host}/rpc`, { protocols: ["peerage", key] }).pipe(
    Layer.provide(Socket.layerWebSocketConstructorGlobal)
  )
  const protocol = RpcClient.layerProtocolSocket().pipe(
    Layer.provide(socket),
    Layer.provide(RpcSerialization.layerJson)
  )
  const watching = Effect.gen(function*() {
    const calls = yield* RpcClient.make(Api)
    yield* Stream.runForEach(
      calls.Watch({ conversation: "", hidden: false }),
      ({ first }) => Effect.sync(() => first ? opened() : undefined)
    )
  })
  // The peer ends the connection when its rounds are over.
  const ended = Effect.catchTag(watching, "RpcClientError", () => Effect.void)
  await Effect.runPromise(ended.pipe(Effect.scoped, Effect.provide(protocol)))
}

const show = async () => {
  const chrome = await chromium.launch({
    executablePath: browser ?? "chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"]
  })
  const shown = await chrome.newPage({ viewport: { width: 1440, height: 900 } })
  const dialing = shown.waitForEvent("websocket")
  await shown.goto(link)
  const socket = await dialing
  await socket.waitForEvent("framereceived", ({ payload }) => String(payload).includes("\"first\":true"))
  opened()
}

process.stdin.on("end", () => process.exit(0)).resume()
await (kind === String(kinds.shown) ? show() : read())
