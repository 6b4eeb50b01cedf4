/**
 * What peers of a test are known by: their addresses. In `npm run secured` it is their keys, and another module stands here
 * that knows them.
 */
import type { MemoryNetwork, PeerKey } from "@peerage/transport"

/** Whether transports know the keys of peers. */
export const hasKeys: boolean = false

/** The key of the machine with these addresses, as it stands in events: nothing without keys. */
export const keyOf = (_machine: string): { readonly key?: PeerKey.PeerKey } => ({})

/** Bytes that a connection takes though its other end does not read: of a network with these options. */
export const unreadBytes = (
  { sendBuffer, window }: { readonly [Name in "sendBuffer" | "window"]: NonNullable<MemoryNetwork.Options[Name]> }
): { readonly sendBuffer: number; readonly window: number } => ({ sendBuffer, window })

/** What a kick of somebody at this machine bars: its address. */
export const nameOf = (machine: string): string => machine
