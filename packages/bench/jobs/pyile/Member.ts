/** A member of a Pyile network on plain sockets: joins, answers heartbeats, counts the lists it is sent. */
import { connect, type Socket } from "node:net"
import * as Values from "./Values.ts"

/** What all benchmarks use. */
export const password = "sesame"

/** Who joins where. */
export interface Joining {
  readonly port: number
  /** Address of its own: one joiner of an address is let in at a time. */
  readonly from: string
  /** Where it claims to take chat. */
  readonly chatPort: number
}

/** A member. */
export interface Member {
  /** Lists that came on the dist connection, and their bytes. */
  readonly lists: { count: number; bytes: number; last: string }
  readonly beats: { count: number }
  readonly leave: () => void
}

/** The `index`th address of this machine, 127.1.0.1 and on. */
export const address = (index: number): string => `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}`

const failed = (from: string) => new Error(`${from} was not let in`)

/** Joins. Resolves when the first list has come on the dist connection. */
export const join = ({ chatPort, from, port }: Joining): Promise<Member> =>
  new Promise((resolve, reject) => {
    const auth = connect({ host: "127.0.0.1", port, localAddress: from })
    const lists = { count: 0, bytes: 0, last: "" }
    const beats = { count: 0 }
    const sockets: Array<Socket> = [auth]
    const member = { lists, beats, leave: () => sockets.forEach((socket) => socket.destroy()) }
    const steps: Readonly<Record<string, (value: Record<string, unknown>) => string | undefined>> = {
      banned: ({ banned }) => banned === false ? `{"shadow": "${password}"}` : undefined,
      authenticated: ({ authenticated }) =>
        authenticated === true ? `{"peer_address": ["${from}", ${chatPort}]}` : undefined
    }
    auth.on("error", reject)
    auth.on("close", () => reject(failed(from)))
    Values.read(auth, (text) => {
      if (text === `{"<3": true}`) {
        beats.count++
        return auth.write(text)
      }
      const value: Record<string, unknown> = JSON.parse(text)
      if (Array.isArray(value["dist_addr"])) {
        const [host, distPort] = value["dist_addr"]
        const dist = connect({ host, port: distPort, localAddress: from })
        sockets.push(dist)
        dist.on("error", reject)
        Values.read(dist, (list) => {
          lists.count++
          lists.bytes += list.length
          lists.last = list
          resolve(member)
        })
        return
      }
      const step = Object.keys(value).map((key) => steps[key]).find((step) => step !== undefined)
      const answer = step?.(value)
      if (answer !== undefined) auth.write(answer)
      else if (!("distro" in value)) reject(failed(from))
    })
  })
