/**
 * A Pyile host on plain sockets, as a program without a toolkit would have it: the handshake in its steps with the pause
 * that originals need, heartbeats, lists at most every 150 ms, bounded patience. No bans, no events, no history.
 */
import { createServer, type Server, type Socket } from "node:net"
import { password } from "./Member.ts"
import * as Values from "./Values.ts"

const stepPatience = 4_000
const heartbeatEvery = 2_000
const heartbeatPatience = 4_000
const pause = 100
const merge = 150

/** What the host tells whoever runs it. */
export interface Told {
  readonly joined: () => void
  readonly left: () => void
}

interface Member {
  readonly peer: readonly [string, number]
  readonly auth: Socket
  readonly dist: Socket
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) =>
    server.listen({ host: "127.0.0.1", port: 0, backlog: 2048 }, () => {
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : 0)
    })
  )

class Host {
  readonly members = new Set<Member>()
  private readonly invited = new Map<string, (dist: Socket) => void>()
  private readonly told: Told
  private dirty: NodeJS.Timeout | undefined
  constructor(told: Told) {
    this.told = told
  }

  readonly accept = (auth: Socket) => {
    const remote = auth.remoteAddress ?? ""
    const fail = () => auth.destroy()
    let patience = setTimeout(fail, stepPatience)
    let step: (value: Record<string, unknown>) => void = ({ shadow }) => {
      auth.write(`{"authenticated": ${shadow === password}}`)
      step = ({ peer_address: peer }) => {
        if (!Array.isArray(peer) || peer[0] !== remote || typeof peer[1] !== "number") return fail()
        step = fail
        this.introduce(auth, [remote, peer[1]], () => clearTimeout(patience), (next) => void (step = next))
      }
      clearTimeout(patience)
      patience = setTimeout(fail, stepPatience)
    }
    auth.on("error", () => {}).on("close", () => clearTimeout(patience))
    Values.read(auth, (text) => step(JSON.parse(text)))
    auth.write(`{"banned": false}`)
  }

  readonly acceptDist = (dist: Socket) => {
    dist.on("error", () => {})
    const take = this.invited.get(dist.remoteAddress ?? "")
    if (take === undefined) return dist.destroy()
    take(dist)
  }

  private introduce(
    auth: Socket,
    peer: readonly [string, number],
    introduced: () => void,
    hear: (next: () => void) => void
  ) {
    auth.write(this.list(peer))
    setTimeout(() => {
      this.invited.set(peer[0], (dist) => {
        this.invited.delete(peer[0])
        introduced()
        this.enter({ peer, auth, dist }, hear)
      })
      auth.write(`{"dist_addr": ["127.0.0.1", ${this.distPort}]}`)
    }, pause)
  }

  private enter(member: Member, hear: (next: () => void) => void) {
    const { auth, dist } = member
    let due: NodeJS.Timeout
    const beat = () => {
      auth.write(`{"<3": true}`)
      due = setTimeout(() => auth.destroy(), heartbeatPatience)
    }
    hear(() => {
      clearTimeout(due)
      due = setTimeout(beat, heartbeatEvery)
    })
    auth.on("close", () => {
      clearTimeout(due)
      dist.destroy()
      this.members.delete(member)
      this.change()
      this.told.left()
    })
    this.members.add(member)
    beat()
    dist.resume().write(this.list())
    this.change()
    this.told.joined()
  }

  private change() {
    this.dirty ??= setTimeout(() => {
      this.dirty = undefined
      const list = this.list()
      for (const { dist } of this.members) dist.write(list)
    }, merge)
  }

  private list(joining?: readonly [string, number]) {
    const peers = [["127.0.0.1", this.distPort], ...[...this.members].map(({ peer }) => peer)]
    return JSON.stringify({ distro: joining === undefined ? peers : [...peers, joining] })
  }

  distPort = 0
}

/** Hosts on this machine. Resolves with the port to join at. */
export const host = async (told: Told): Promise<number> => {
  const hosting = new Host(told)
  hosting.distPort = await listening(createServer(hosting.acceptDist))
  return listening(createServer(hosting.accept))
}
