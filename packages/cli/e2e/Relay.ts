/** Somebody on the way between two commands, on real sockets: passes bytes on, keeps them, and may change them. */
import { Effect } from "effect"
import { type AddressInfo, connect, createServer } from "node:net"

/** Changes what passes, or not. `index` is that of the first byte in its direction. */
export type Change = (bytes: Buffer, index: number) => Buffer

/** Where a relay stands, and where it leads. Port 0 is a free one. */
export interface Way {
  readonly from: { readonly host: string; readonly port: number }
  readonly to: { readonly host: string; readonly port: number }
  /** The address that it comes from, where others then find nobody. */
  readonly as?: string | undefined
}

/** Relays connections for the scope's life, and gives its port and everything that has passed, in both directions. */
export const relay = (
  { as: localAddress, from, to }: Way,
  change: { readonly there?: Change; readonly back?: Change } = {}
) => {
  const passed: Array<Buffer> = []
  const server = createServer((near) => {
    const far = connect({ ...to, ...(localAddress === undefined ? {} : { localAddress }) })
    for (
      const [source, target, changed] of [[near, far, change.there], [far, near, change.back]] as const
    ) {
      let index = 0
      source.on("data", (bytes: Buffer) => {
        passed.push(bytes)
        target.write(changed === undefined ? bytes : changed(bytes, index))
        index += bytes.length
      })
      source.on("error", () => target.destroy())
      source.on("end", () => target.end())
      source.on("close", () => target.destroy())
    }
  })
  const listening = Effect.callback<number>((resume) => {
    server.listen(from.port, from.host, () => {
      const { port } = Object.assign({ port: 0 }, server.address() satisfies AddressInfo | string | null)
      resume(Effect.succeed(port))
    })
  })
  return Effect.acquireRelease(listening, () => Effect.sync(() => void server.close())).pipe(
    Effect.map((port) => ({ address: `${from.host}:${port}`, port, passed: () => Buffer.concat(passed) }))
  )
}

/** A port that is free now. */
export const freePort = Effect.scoped(
  Effect.map(relay({ from: { host: "127.0.0.1", port: 0 }, to: { host: "127.0.0.1", port: 1 } }), ({ port }) => port)
)
