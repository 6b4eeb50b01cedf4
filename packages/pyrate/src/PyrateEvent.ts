/**
 * What can be watched happening at a bootstrap and at a peer: one tagged union. Reasons are the tags of the errors in
 * `PyrateError`.
 */
import { PeerAddress } from "@peerage/transport"
import { Schema } from "effect"
import { FileName } from "./codec/FileName.ts"

/** Everything a bootstrap or a peer tells. */
export const PyrateEvent = Schema.TaggedUnion({
  /** It takes connections at `address`. */
  Listening: { address: Schema.String },
  /** A peer has registered with this bootstrap. */
  Joined: { peer: PeerAddress.PeerAddress },
  /** A peer is listed no longer: Unregistered or Expired. */
  Left: { peer: PeerAddress.PeerAddress, reason: Schema.String },
  /** The peers that this one knows changed. */
  Peers: { peers: Schema.Array(PeerAddress.PeerAddress) },
  /** The files that this peer shares changed. */
  Shared: { files: Schema.Array(FileName) },
  /** A search of this peer's own was answered. */
  Hit: { name: FileName, peer: PeerAddress.PeerAddress },
  /** A file is being fetched; `total` where it is known. */
  Progress: { name: FileName, bytes: Schema.Finite, total: Schema.optionalKey(Schema.Finite) },
  /** A file was fetched. */
  Saved: { name: FileName, path: Schema.String, bytes: Schema.Finite },
  /** A file of this peer's was sent, as far as can be told. */
  Served: { name: FileName, to: Schema.String, bytes: Schema.Finite },
  /** What somebody asked was refused, or what this peer had to do was not done. */
  Rejected: { host: Schema.String, reason: Schema.String }
})
export type PyrateEvent = typeof PyrateEvent.Type
