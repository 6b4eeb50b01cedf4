/** What one end of a simulated TCP connection is made of, and whom it tells. */
import type * as SocketFailure from "../../SocketFailure.ts"
import type { FlowEnds } from "./TcpFlow.ts"
import type { TcpSocket } from "./TcpSocket.ts"

/** What a socket needs of its host. */
export interface TcpSocketOptions extends FlowEnds {
  /** Idle milliseconds before the first keep-alive probe; `undefined` for never. */
  readonly keepAlive: number | undefined
  /** True when the program does not read at first. */
  readonly clogged: boolean
  /** Called when the handshake is over. Returns what to call when the program's side is released. */
  readonly opened: (socket: TcpSocket) => () => void
  /** Called when the handshake fails; never after `opened`. */
  readonly refused: (code: SocketFailure.Errno) => void
  /** Called when the connection is over: the host removes the socket. */
  readonly removed: (socket: TcpSocket) => void
}
