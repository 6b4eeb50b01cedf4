/** What the program that holds a pipe may know of it: how it ended, whether it can be written, and whom to tell. */
import type { SocketError } from "effect/socket/Socket"
import type { Observer } from "../Pipe.ts"
import * as SocketFailure from "../SocketFailure.ts"

const nobody: Observer = { readable: () => {}, drained: () => {}, closed: () => {} }

// An error costs more than all else in a short connection, and these two say the same for every pipe.
const fin = SocketFailure.closed(1000)
const closedHere = SocketFailure.closed(1006)

/** The program's side of one pipe. */
export class PipeState {
  /** Called once when the program's side is freed. */
  freed: () => void = () => {}
  /** The program closed or reset the pipe. */
  abandoned = false
  /** The program does not read: it sees no bytes and no FIN. */
  clogged: boolean
  /** What ended the connection from outside. */
  failure: SocketFailure.Errno | undefined
  private observer: Observer = nobody
  // What ended reading first.
  private end: "Fin" | "Broken" | "Closed" | undefined
  private ending: SocketError | undefined
  private released = false
  private readonly detail: string

  constructor(detail: string, clogged: boolean) {
    this.detail = detail
    this.clogged = clogged
  }

  private describe(code: SocketFailure.Errno) {
    return SocketFailure.systemError(code, this.detail)
  }

  /** The peer's FIN came, after all its bytes. */
  finish(): void {
    this.end ??= "Fin"
  }

  /** How reading ended. */
  ended(): SocketError | undefined {
    if (this.end === undefined || (this.clogged && this.end === "Fin")) return undefined
    return this.ending ??= this.describeEnd()
  }

  private describeEnd(): SocketError {
    if (this.end === "Broken" && this.failure !== undefined) {
      return SocketFailure.readFailed(this.describe(this.failure))
    }
    return this.end === "Fin" ? fin : closedHere
  }

  /** Why a write would fail. `finishing` is true when this end has sent FIN, or will. */
  broken(finishing: boolean): SocketError | undefined {
    const ended = this.abandoned ? "EPIPE" : this.failure ?? (finishing ? "EPIPE" : undefined)
    return ended === undefined ? undefined : SocketFailure.writeFailed(this.describe(ended))
  }

  /** Sets the observer and tells it what happened so far. */
  observe(observer: Observer, arrived: boolean): void {
    this.observer = observer
    if ((arrived && !this.clogged) || this.ended() !== undefined) observer.readable()
    if (this.failure !== undefined || this.abandoned) observer.drained()
    if (this.released) observer.closed()
  }

  /** Tells that bytes or FIN arrived. */
  readonly readable = (): void => {
    if (!this.clogged) this.observer.readable()
  }

  readonly drained = (): void => this.observer.drained()

  /** The program is done with the pipe. */
  abandon(): void {
    if (this.abandoned) return
    this.abandoned = true
    this.end ??= "Closed"
    this.observer.readable()
    this.observer.drained()
  }

  /** The connection broke; `mourn` tells. */
  fail(code: SocketFailure.Errno): void {
    this.failure = code
    this.end ??= "Broken"
  }

  /** Tells that the connection broke. */
  mourn(): void {
    this.observer.readable()
    this.observer.drained()
    this.release()
  }

  /** Nothing more will happen. */
  readonly release = (): void => {
    if (this.released) return
    this.released = true
    this.observer.closed()
    this.freed()
  }
}
