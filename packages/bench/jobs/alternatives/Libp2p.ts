/** A node of libp2p: TCP, noise, yamux, and without the limits that are below what is measured. */
import { load } from "../../alternatives/Installed.ts"

/** What is spoken on a stream. */
export const protocol = "/bench/1"

/** What is asked of a handler. */
export const manners = { maxInboundStreams: 1_000_000, maxOutboundStreams: 1_000_000 }

/** What is used of a stream. */
export interface Stream {
  readonly send: (bytes: Uint8Array) => boolean
  readonly onDrain: () => Promise<void>
  readonly close: () => Promise<void>
  readonly addEventListener: (event: string, hear: (event: { data: { byteLength: number } }) => void) => void
}

/** Starts a node. */
export const start = async (listen: ReadonlyArray<string>) => {
  const [{ createLibp2p }, { tcp }, { noise }, { yamux }] = await Promise.all([
    load("libp2p"),
    load("@libp2p/tcp"),
    load("@libp2p/noise"),
    load("@libp2p/yamux")
  ])
  const most = 1_000_000
  return createLibp2p({
    addresses: { listen },
    transports: [tcp({ maxConnections: most })],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ maxInboundStreams: most, maxOutboundStreams: most })],
    connectionMonitor: { enabled: false },
    connectionManager: { maxConnections: most, inboundConnectionThreshold: most, maxIncomingPendingConnections: most }
  })
}
