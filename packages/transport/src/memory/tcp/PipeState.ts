/** What the program sees of its end of a connection: how reading ended, why writes fail, what happened. */
import type { SocketError } from "effect/socket/Socket"
import type { Observer } from "../../Pipe.ts"
import * as SocketFailure from "../../SocketFailure.ts"

const noObserver: Observer = { readable: () => {}, drained: () => {}, closed: () => {} }

/** The program's side of one pipe. */
export class PipeState {
  /** Called once, when the program's side is released. */
  onReleased: () => void = () => {}
  /** The program closed or reset the pipe. */
  closed = false
  /** The program does not read: it sees neither bytes nor a FIN. */
  clogged: boolean
  private failure: SocketFailure.Errno | undefined
  private observer: Observer = noObserver
  // What ended reading first.
  private end: "Fin" | "Failed" | "Closed" | undefined
  private ending: SocketError | undefined
  private released = false
  private readonly detail: string

  /** `detail` names the connection in error messages. */
  constructor(detail: string, clogged: boolean) {
    this.detail = detail
    this.clogged = clogged
  }

  /** The peer's FIN arrived, after all its bytes. */
  finReceived(): void {
    this.end ??= "Fin"
  }

  /** How reading ended; `undefined` while it goes on. */
  ended(): SocketError | undefined {
    if (this.end === undefined || (this.clogged && this.end === "Fin")) return undefined
    return this.ending ??= this.endError()
  }

  private endError(): SocketError {
    if (this.end === "Failed" && this.failure !== undefined) {
      return SocketFailure.readFailed(SocketFailure.systemError(this.failure, this.detail))
    }
    return SocketFailure.closed(this.end === "Fin" ? 1000 : 1006)
  }

  /** Why a write fails; `undefined` while it succeeds. `finishing`: this end has sent FIN, or will. */
  broken(finishing: boolean): SocketError | undefined {
    if (this.closed || finishing && this.failure === undefined) return SocketFailure.endedHere()
    if (this.failure === undefined) return undefined
    return SocketFailure.writeFailed(SocketFailure.systemError(this.failure, this.detail))
  }

  /** Sets the observer and calls it for what has happened. `arrived`: bytes can be read. */
  observe(observer: Observer, arrived: boolean): void {
    this.observer = observer
    if ((arrived && !this.clogged) || this.ended() !== undefined) observer.readable()
    if (this.failure !== undefined || this.closed) observer.drained()
    if (this.released) observer.closed()
  }

  /** Notifies the observer that bytes or a FIN arrived. */
  readonly notifyReadable = (): void => {
    if (!this.clogged) this.observer.readable()
  }

  readonly notifyDrained = (): void => this.observer.drained()

  /** The program closes or resets the pipe. */
  close(): void {
    if (this.closed) return
    this.closed = true
    this.end ??= "Closed"
    this.observer.readable()
    this.observer.drained()
  }

  /** The connection fails. Call `notifyFailure` as well, now or later. */
  fail(code: SocketFailure.Errno): void {
    this.failure = code
    this.end ??= "Failed"
  }

  notifyFailure(): void {
    this.observer.readable()
    this.observer.drained()
    this.release()
  }

  /** Notifies the observer, once, that nothing more will happen. */
  readonly release = (): void => {
    if (this.released) return
    this.released = true
    this.observer.closed()
    this.onReleased()
  }
}
