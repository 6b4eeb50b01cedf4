/** What the load generators of Pyile chat say, and who says it. */
import * as Member from "./Member.ts"

/** A member of the host, if there is one. */
export const sender = Member.address(0)

const chatPort = 49_317

/** Makes the sender a member of the host that listens at `auth`. */
export const join = (auth: number): Promise<Member.Member> => Member.join({ port: auth, from: sender, chatPort })

/** A message to the peer that takes chat at `chat`. */
export const write = (chat: number): string =>
  JSON.stringify({
    data: "a message that is about as long as what people say to each other",
    alias: "bob",
    to: ["127.0.0.1", chat],
    from: [sender, chatPort]
  })
