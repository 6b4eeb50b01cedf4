/** Members that join and then do nothing, or as many pairs of plain connections. */
import { connect } from "node:net"
import { of } from "../../src/Facts.ts"
import { plain } from "../../src/Program.ts"
import * as Crowd from "../pyile/Crowd.ts"
import * as Member from "../pyile/Member.ts"

const connection = (port: number, localAddress: string) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, localAddress })
    socket.on("error", reject)
    socket.resume().on("connect", () => resolve())
  })

plain(async (given) => {
  let next = 0
  return {
    round: async ({ count = 0 }) => {
      const first = next
      next += count
      if (given["auth"] !== undefined) return void await Crowd.join(given, count, first)
      const addresses = Array.from({ length: count }, (_, index) => Member.address(first + index))
      // As many as a member has.
      for (const address of [...addresses, ...addresses]) await connection(of(given, "sockets"), address)
    }
  }
})
