/**
 * The trace of a network as its programs see it: each connection that they dial is a stream, and what is written into it is
 * an entry, as on a plain network. What the carriers below bring is of other sizes and encrypted. Their datagrams are plain.
 */
import type * as MemoryNetwork from "@peerage/transport/MemoryNetwork"
import type * as Options from "@peerage/transport/Options"
import type * as Pipe from "@peerage/transport/Pipe"
import type * as Trace from "@peerage/transport/Trace"
import { Result } from "effect"
import * as NetAddress from "effect/net/NetAddress"
import * as Piped from "../src/Piped.ts"

/** Bytes of a segment at most. */
const segment = 65_536

const none: Uint8Array = new Uint8Array(0)

/** What traces are made with. */
interface Tracing extends Pick<MemoryNetwork.Options, "traceEntries" | "traceBytes"> {
  /** Milliseconds of the network's clock. */
  readonly now: () => number
}

/** One end of a stream, whose program writes and ends. */
class End {
  readonly pipe: Pipe.Pipe
  readonly #pipe: Pipe.Pipe
  readonly #add: (kind: Trace.Entry["kind"], bytes?: Uint8Array) => void
  #finished = false
  #over = false

  constructor(pipe: Pipe.Pipe, add: (kind: Trace.Entry["kind"], bytes?: Uint8Array) => void) {
    this.#pipe = pipe
    this.#add = add
    const finishing = (run: () => void) => () => {
      this.#finish()
      run()
    }
    this.pipe = Piped.over(pipe, {
      write: (chunks) => {
        this.#write(chunks)
        return pipe.write(chunks)
      },
      end: finishing(() => pipe.end()),
      close: finishing(() => pipe.close()),
      closeAtOnce: finishing(() => pipe.closeAtOnce()),
      reset: () => {
        this.#reset()
        pipe.reset()
      }
    })
  }

  #write(chunks: ReadonlyArray<Uint8Array>): void {
    if (this.#pipe.broken() !== undefined) return
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += segment) this.#add("DATA", chunk.subarray(at, at + segment))
    }
  }

  #finish(): void {
    if (!this.#finished && this.#pipe.broken() === undefined) this.#add("FIN")
    this.#finished = true
  }

  #reset(): void {
    const isOver = this.#over || this.#finished && this.#pipe.ended() !== undefined
    this.#over = true
    if (!isOver) this.#add("RST")
  }
}

/** The streams of one network. */
export class Traces {
  readonly #tracing: Tracing
  readonly #entries: Array<Trace.Entry> = []

  constructor(tracing: Tracing) {
    this.#tracing = tracing
  }

  /** The backing of a host, whose streams are traced. */
  over(host: string, backing: Options.Backing): Options.Backing {
    return {
      ...backing,
      listen: (address, options, accept) =>
        backing.listen(address, options, (pipe) => {
          this.#add(pipe, "SYN-ACK")
          return accept(this.#end(pipe))
        }),
      dial: (address, options, dialed) => {
        // The port is known once there is a connection.
        const index = this.#push(`${host}:0`, NetAddress.formatInet(address), "SYN", none) - 1
        return backing.dial(address, options, (result) => {
          const asked = this.#entries[index]
          if (Result.isFailure(result) || asked === undefined) return dialed(result)
          this.#entries[index] = { ...asked, from: NetAddress.formatInet(result.success.local) }
          dialed(Result.map(result, (pipe) => this.#end(pipe)))
        })
      }
    }
  }

  /** What was said, among the datagrams of the network below. */
  among(below: ReadonlyArray<Trace.Entry>): ReadonlyArray<Trace.Entry> {
    const { traceEntries = 4096 } = this.#tracing
    return [...below.filter(({ kind }) => kind === "DATAGRAM"), ...this.#entries]
      .toSorted((one, other) => one.at - other.at)
      .slice(-traceEntries)
  }

  #end(pipe: Pipe.Pipe): Pipe.Pipe {
    return new End(pipe, (kind, bytes) => this.#add(pipe, kind, bytes)).pipe
  }

  #add({ local, remote }: Pick<Pipe.Pipe, "local" | "remote">, kind: Trace.Entry["kind"], bytes = none): void {
    this.#push(NetAddress.formatInet(local), NetAddress.formatInet(remote), kind, bytes)
  }

  #push(from: string, to: string, kind: Trace.Entry["kind"], bytes: Uint8Array): number {
    const { now, traceBytes = 256 } = this.#tracing
    const at = now()
    return this.#entries.push({
      at,
      arrives: at,
      from,
      to,
      kind,
      length: bytes.length,
      bytes: bytes.slice(0, traceBytes),
      fate: "Sent",
      again: false
    })
  }
}
