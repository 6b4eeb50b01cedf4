/**
 * Where our peers do otherwise than the original on purpose, each with its reason and every place where it shows. A
 * place reads `session as role`; what shows there is the difference behind the number of its connection. Whatever else
 * differs in a replay is a defect, and so is a line here that a replay does not show.
 */
import { Deviations } from "@peerage/testing"
import { sessions, textsOf } from "./Recording.ts"

type Where = Deviations.Deviation["where"]

/** Where a host named the address for lists. */
const distAddresses: Where = Deviations.wherever(sessions, (connection, { name }) => {
  const text = textsOf(connection, "acceptor").find((text) => text.startsWith(`{"dist_addr"`))
  return name === "auth" && text !== undefined ? `${connection.number} late ${text}` : undefined
})

const lines = (change: string, text: string, ...connections: ReadonlyArray<number>): ReadonlyArray<string> =>
  connections.map((number) => `${number} ${change} ${text}`)

/** A chat connection that comes from somewhere else. */
const dialedFrom = (host: string, ...connections: ReadonlyArray<number>) => [
  ...lines("missing", "SYN from 127.0.0.1", ...connections),
  ...lines("extra", `SYN from ${host}`, ...connections)
]

const long = (size: number) =>
  `{"data": "${size} x", "alias": "bob", "to": ["127.0.0.1", 49251], "from": ["127.0.0.2", 49533]}`

/** On the side of the host. */
const hosting: ReadonlyArray<Deviations.Deviation> = [
  {
    what: "pauses 100 ms between the list and the dist address",
    reason: "an original joiner reads each with one recv and dies of both at once; the original host is saved only by "
      + "Nagle's algorithm and its peer's delayed ACK, some 40 ms",
    where: distAddresses
  },
  {
    what: "tells the others of a new member that much later",
    reason: "a joiner is a member once it has opened its dist connection, for which it had to wait for that pause",
    where: {
      "two_joiners_leave_rejoin as auth": [
        `2 late {"distro": [["127.0.0.1", 49600], ["127.0.0.2", 49785], ["127.0.0.3", 49502]]}`,
        `4 late {"distro": [["127.0.0.1", 49600], ["127.0.0.3", 49502], ["127.0.0.2", 49329]]}`
      ],
      "chat as auth": [`2 late {"distro": [["127.0.0.1", 49300], ["127.0.0.2", 49499], ["127.0.0.3", 49701]]}`]
    }
  },
  {
    what: "closes the connection after a wrong password",
    reason: "the original leaves it open until somebody else connects: a socket held by a stranger",
    where: {
      "wrong_password as auth": ["1 early FIN"],
      "ban_limit_1 as auth": lines("early", "FIN", 1, 2),
      "ban_limit_2 as auth": lines("early", "FIN", 1, 2),
      "ban_limit_3 as auth": lines("early", "FIN", 1, 2, 3),
      "limbo_reset as auth": lines("early", "FIN", 1, 4, 5)
    }
  },
  {
    what: "with a limit of 1, bans at the first wrong password",
    reason: "that is what the limit says; the original never compares the first failure with it, so that 1 means 2",
    where: {
      "ban_limit_1 as auth": [
        `2 missing {"banned": false}`,
        `2 missing {"authenticated": false}`,
        `2 extra {"banned": true}`,
        "2 extra RST"
      ]
    }
  },
  {
    what: "lets a member go when its connection ends, closes the dist connection with it, and tells the others at once",
    reason: "the original learns it by its next heartbeat, up to 2 s later, and closes its end never or by chance",
    where: {
      "two_joiners_leave_rejoin as auth": [
        `1 missing {"<3": true}`,
        "1 extra FIN",
        "2 early FIN",
        `4 early {"distro": [["127.0.0.1", 49600], ["127.0.0.3", 49502]]}`
      ],
      "join_killed as auth": [`1 missing {"<3": true}`, "1 extra FIN", "2 early FIN"]
    }
  },
  {
    what: "closes its members' connections on leaving, those for lists too",
    reason: "the original leaves them open as long as its process lives, so that its members wait 6 s for a heartbeat",
    where: { "auth_leave as auth": lines("early", "FIN", 1, 2) }
  },
  {
    what: "reads and answers chat messages above 2048 bytes",
    reason: "the original parses one recv of 2048 bytes and loses longer ones without a word",
    where: {
      "chat_2048 as auth": [
        `5 extra {"data": ${long(1963)}, "alias": "admin"}`,
        `6 extra {"data": ${long(4914)}, "alias": "admin"}`
      ]
    }
  }
]

/** On the side of a joiner. */
const joining: ReadonlyArray<Deviations.Deviation> = [
  {
    what: "gives up when the host's connection ends",
    reason: "the original answers a heartbeat that never came, and is told by the reset that follows",
    where: { "auth_killed as join1": [`1 missing {"<3": true}`, "1 extra FIN"] }
  },
  {
    what: "then ends the dist connection as well",
    reason: "the original spins on its end for up to 4 s, one processor full",
    where: { "auth_killed as join1": ["2 early FIN"] }
  },
  {
    what: "on leaving keeps the dist connection open until the host has ended it, at most 3 s",
    reason: "an original host that sends a list into a closed connection never sends a list again, to anybody",
    where: { "join_killed as join1": ["2 late FIN"] }
  },
  {
    what: "sends chat from the address it is known by",
    reason:
      "the original lets the system choose, which on one machine makes everybody 127.0.0.1: a receiver cannot tell "
      + "who it was, and an original one does not listen to an address that is in no list",
    where: {
      "chat as join1": dialedFrom("127.0.0.2", 5, 7, 9, 10),
      "chat as join2": dialedFrom("127.0.0.3", 8),
      "chat_2048 as join1": dialedFrom("127.0.0.2", 3, 4, 7)
    }
  },
  {
    what: "names the receiver of a directed message",
    reason: "the original sends whatever its application gave, and files the message under that",
    where: {
      "chat as join2": [
        `8 missing {"data": 42, "alias": "carol", "to": "anything", "from": ["127.0.0.3", 49701]}`,
        `8 extra {"data": 42, "alias": "carol", "to": ["127.0.0.2", 49499], "from": ["127.0.0.3", 49701]}`
      ]
    }
  },
  {
    what: "does not write to somebody who is no member, and refuses a message above 2048 bytes",
    reason: "an original receiver would not read it or loses it without a word: the sender is told instead",
    where: {
      "chat as join1": ["13 missing SYN from 127.0.0.1"],
      "chat_2048 as join1": [
        ...lines("missing", "SYN from 127.0.0.1", 5, 6),
        `5 missing ${long(1963)}`,
        `6 missing ${long(4914)}`,
        ...lines("missing", "FIN", 5, 6)
      ]
    }
  }
]

/** The intended deviations. */
export const deviations: ReadonlyArray<Deviations.Deviation> = [
  ...hosting,
  ...joining,
  {
    what: "reads the answer before it ends a chat connection, and ends it after answering",
    reason: "the original sender goes without reading, so that the answer is reset; the original receiver leaves the "
      + "connection open until the next one comes. An answer that is read says that the message has arrived",
    where: {
      "chat as auth": [...lines("extra", "FIN", 5, 6, 9, 11), ...lines("missing", "RST", 6, 11, 12)],
      "chat as join1": [...lines("extra", "FIN", 6, 7, 8, 10, 11), ...lines("missing", "RST", 5, 7, 9, 10)],
      "chat as join2": [...lines("extra", "FIN", 7, 10, 12), "8 missing RST"],
      "chat_2048 as auth": [...lines("extra", "FIN", 3, 4, 5, 6, 7), ...lines("missing", "RST", 5, 6)],
      "chat_2048 as join1": lines("missing", "RST", 3, 4, 7)
    }
  }
]
