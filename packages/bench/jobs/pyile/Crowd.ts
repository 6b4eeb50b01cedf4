/** Many plain members of one host. */
import { of } from "../../src/Facts.ts"
import type { Facts } from "../../src/Facts.ts"
import * as Member from "./Member.ts"

/** What a host lets in at once. */
const atOnce = 200
const chatPort = 49_317

/** Joins from as many addresses, the first of which is the `first` one, not more at once than a host lets in. */
export const join = async (given: Facts, members: number, first = 0): Promise<Array<Member.Member>> => {
  const port = of(given, "auth")
  const joined: Array<Member.Member> = []
  while (joined.length < members) {
    const batch = Array.from(
      { length: Math.min(atOnce, members - joined.length) },
      (_, index) => Member.join({ port, from: Member.address(first + joined.length + index), chatPort })
    )
    joined.push(...await Promise.all(batch))
  }
  return joined
}
