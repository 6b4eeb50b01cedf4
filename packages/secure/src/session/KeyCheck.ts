/** Whether a key may come in, and whether it is the one that was expected. */
import type { PeerKey } from "@peerage/transport/PeerKey"
import * as Identity from "../Identity.ts"
import { Reason } from "../SecureError.ts"
import type { Verdict } from "./Admission.ts"
import type { Shared } from "./Shared.ts"

/** Who opens a session: the dialer, who may expect a key, or the other end. A key may be kept while others are on their way. */
export type Role =
  | { readonly _tag: "Initiator"; readonly pin: () => PeerKey | undefined }
  | { readonly _tag: "Responder" }

/** The other end, by what is known of it. */
export interface Peer {
  readonly host: string
  readonly key: PeerKey
}

/** The gate's verdict. Of those it dials itself, an end refuses only the banned. */
export const judge = ({ crowded, gate, members }: Shared, role: Role, { host, key }: Peer): Verdict => {
  const verdict = gate.judge({ host, key, known: members.knows(key) })
  if (role._tag === "Initiator") return verdict === "Banned" ? "Banned" : "Pass"
  return verdict === "Pass" && crowded(key) ? "Busy" : verdict
}

/** Why this peer is refused, as soon as its key is known; `undefined` when it is not. */
export const refusal = (shared: Shared, role: Role, peer: Peer): Reason | undefined => {
  const { allowOwnKey, self } = shared
  const { key } = peer
  const pin = role._tag === "Initiator" ? role.pin() : undefined
  const verdict = judge(shared, role, peer)
  if (key === self && !allowOwnKey) return Reason.cases.OwnKey.make({})
  if (verdict !== "Pass") return Reason.cases[verdict].make({})
  return pin !== undefined && pin !== key ? Identity.mismatch(shared.crypto, { expected: pin, actual: key }) : undefined
}
