/**
 * Where our peers do otherwise than the original on purpose, each with its reason. Whatever else differs in a replay is
 * a defect, and so is an entry here that nothing needs.
 */
import type { Difference } from "./Transcript.ts"

/** One thing that we do better. What is left out is any. */
export interface Deviation {
  readonly side: "host" | "joiner"
  readonly what: string
  readonly reason: string
  readonly sessions?: ReadonlyArray<string>
  readonly purpose: Difference["purpose"]
  readonly changes: ReadonlyArray<Difference["change"]>
  readonly text: RegExp
}

const end = /^(FIN|RST)$/

/** The intended deviations. */
export const deviations: ReadonlyArray<Deviation> = [
  // ---- the host
  {
    side: "host",
    what: "pauses 100 ms between the list and the dist address",
    reason: "an original joiner reads each with one recv and dies of both at once; the original host is saved only by "
      + "Nagle's algorithm and its peer's delayed ACK, some 40 ms",
    purpose: "auth",
    changes: ["late"],
    text: /^\{"dist_addr"/
  },
  {
    side: "host",
    what: "tells the others of a new member that much later",
    reason: "a joiner is a member once it has opened its dist connection, for which it had to wait for that pause",
    purpose: "dist",
    changes: ["late"],
    text: /^\{"distro"/
  },
  {
    side: "host",
    what: "closes the connection after a wrong password",
    reason: "the original leaves it open until somebody else connects: a socket held by a stranger",
    purpose: "auth",
    sessions: ["wrong_password", "ban_limit_1", "ban_limit_2", "ban_limit_3", "limbo_reset"],
    changes: ["early"],
    text: end
  },
  {
    side: "host",
    what: "with a limit of 1, bans at the first wrong password",
    reason: "that is what the limit says; the original never compares the first failure with it, so that 1 means 2",
    sessions: ["ban_limit_1"],
    purpose: "auth",
    changes: ["missing", "extra"],
    text: /^(\{"banned": (true|false)\}|\{"authenticated": false\}|RST)$/
  },
  {
    side: "host",
    what: "lets a member go when its connection ends",
    reason: "the original learns it by its next heartbeat, up to 2 s later, and closes its end never or by chance",
    sessions: ["join_killed", "two_joiners_leave_rejoin"],
    purpose: "auth",
    changes: ["missing", "extra"],
    text: /^(\{"<3": true\}|FIN)$/
  },
  {
    side: "host",
    what: "closes the dist connection with it and tells the others at once",
    reason: "the same: nobody is listed who has gone",
    sessions: ["join_killed", "two_joiners_leave_rejoin"],
    purpose: "dist",
    changes: ["early"],
    text: /^(FIN|\{"distro".*)$/
  },
  {
    side: "host",
    what: "closes its members' connections on leaving",
    reason: "the original leaves them open as long as its process lives, so that its members wait 6 s for a heartbeat",
    sessions: ["auth_leave"],
    purpose: "auth",
    changes: ["early"],
    text: end
  },
  {
    side: "host",
    what: "closes its members' dist connections on leaving",
    reason: "the same",
    sessions: ["auth_leave"],
    purpose: "dist",
    changes: ["early"],
    text: end
  },
  // ---- the joiner
  {
    side: "joiner",
    what: "gives up when the host's connection ends",
    reason: "the original answers a heartbeat that never came, and is told by the reset that follows",
    sessions: ["auth_killed"],
    purpose: "auth",
    changes: ["missing", "extra"],
    text: /^(\{"<3": true\}|FIN)$/
  },
  {
    side: "joiner",
    what: "then ends the dist connection as well",
    reason: "the original spins on its end for up to 4 s, one processor full",
    sessions: ["auth_killed"],
    purpose: "dist",
    changes: ["early"],
    text: end
  },
  {
    side: "joiner",
    what: "on leaving keeps the dist connection open until the host has ended it, at most 3 s",
    reason: "an original host that sends a list into a closed connection never sends a list again, to anybody",
    sessions: ["join_killed"],
    purpose: "dist",
    changes: ["late"],
    text: end
  },
  {
    side: "joiner",
    what: "sends chat from the address it is known by",
    reason:
      "the original lets the system choose, which on one machine makes everybody 127.0.0.1: a receiver cannot tell "
      + "who it was, and an original one does not listen to an address that is in no list",
    purpose: "chat",
    changes: ["missing", "extra"],
    text: /^SYN from 127\.0\.0\./
  },
  {
    side: "joiner",
    what: "names the receiver of a directed message",
    reason: "the original sends whatever its application gave, and files the message under that",
    sessions: ["chat"],
    purpose: "chat",
    changes: ["missing", "extra"],
    text: /^\{"data": 42, "alias": "carol", "to": /
  },
  {
    side: "joiner",
    what: "does not write to somebody who is no member, and refuses a message above 2048 bytes",
    reason: "an original receiver would not read it or loses it without a word: the sender is told instead",
    sessions: ["chat_2048"],
    purpose: "chat",
    changes: ["missing"],
    text: /^(\{"data": "x+", |FIN$)/
  },
  // ---- both ends of a chat connection
  ...(["host", "joiner"] as const).map((side): Deviation => ({
    side,
    what: "reads the answer before it ends a chat connection, and ends it after answering",
    reason: "the original sender goes without reading, so that the answer is reset; the original receiver leaves the "
      + "connection open until the next one comes. An answer that is read says that the message has arrived",
    purpose: "chat",
    changes: ["missing", "extra"],
    text: end
  })),
  {
    side: "host",
    what: "reads and answers chat messages above 2048 bytes",
    reason: "the original parses one recv of 2048 bytes and loses longer ones without a word",
    sessions: ["chat_2048"],
    purpose: "chat",
    changes: ["extra"],
    text: /^\{"data": \{"data": "x/
  }
]

/** Whether a deviation is the reason for a difference. */
export const explains = (deviation: Deviation, difference: Difference): boolean =>
  deviation.side === (difference.role === "auth" ? "host" : "joiner")
  && deviation.purpose === difference.purpose
  && deviation.changes.includes(difference.change)
  && (deviation.sessions === undefined || deviation.sessions.includes(difference.session))
  && deviation.text.test(difference.text)
