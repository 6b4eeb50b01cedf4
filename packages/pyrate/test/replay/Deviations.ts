/**
 * Where ours does otherwise than the original on purpose, each with its reason and every place where it shows. A place
 * reads `session as role`; what shows there is the number of a connection with what the original sent over it and what
 * ours does, or what ours sends beyond the recording. Whatever else differs in a replay is a defect, and so is a line
 * here that a replay does not show.
 */
import { Deviations, Recording } from "@peerage/testing"
import { placeIn, saidOn, sessions } from "./Recording.ts"

type Where = Deviations.Deviation["where"]

/** What is told to the bootstrap with a port. */
const ownPort: Where = Deviations.wherever(sessions, (connection, role, session) => {
  const text = saidOn(connection)
  const own = `${text.slice(0, 2)}${placeIn(session, role).split(":")[1]}`
  return connection.roles.opener === role.name && /^[023]:/.test(text) && own !== text
    ? `${connection.number}: "${text}" FIN -> "${own}" FIN`
    : undefined
})

const everybody: Where = Deviations.wherever(
  sessions,
  (connection, role) =>
    connection.roles.opener === role.name && saidOn(connection) === "1:3"
      ? `${connection.number}: "1:3" FIN -> "1:1000" FIN`
      : undefined
)

const listening: Where = Deviations.wherever(
  sessions,
  (connection, role) =>
    connection.refused && Recording.sideOf(role, connection) === "acceptor"
      ? `${connection.number}: RST -> `
      : undefined
)

const found = (connection: number, size: number) => `${connection}: FIN -> "\\u0000pyrate+ found ${size}\\n"`
const missing = (connection: number) => `${connection}: FIN -> "\\u0000pyrate+ missing\\n"`
const listed = "FIN -> \"bin.dat\\nempty.txt\\none.txt\\ntwo words.txt\\n\" FIN"

/** The intended deviations. */
export const deviations: ReadonlyArray<Deviations.Deviation> = [
  {
    what: "registers, keeps alive and unregisters the port at which it listens",
    reason:
      "the original gives the bootstrap's port, at which nobody can reach it, and all on one machine are one to it",
    where: ownPort
  },
  {
    what: "asks for as many peers as it has room for",
    reason: "the original asks for three, again and again, until it has happened to hear of all",
    where: everybody
  },
  {
    what: "asks for the others with each keep-alive, and as often as it says that it is there",
    reason: "who has left is forgotten, and a bootstrap that was restarted is registered with again",
    where: {
      "original-client-and-bootstrap as client 1": [
        "beyond: 127.0.0.1:21168 \"1:1000\"",
        "beyond: 127.0.0.1:21168 \"3:63339\"",
        "beyond: 127.0.0.1:21168 \"1:1000\""
      ]
    }
  },
  {
    what: "registers again when it is missing from a list",
    reason: "it was forgotten; the recorded list of a plain socket has nobody in it who registered",
    where: {
      "client-against-probes as client 1": ["2:63339", "0:63339", "2:63339", "0:63339"].map((text) =>
        `beyond: 127.0.0.1:21555 "${text}"`
      )
    }
  },
  {
    what: "listens before it asks for a file",
    reason:
      "the original listens a moment later, so that whoever dials back at once is refused, and on some systems all are",
    where: listening
  },
  {
    what: "says on the connection of the request whether there is such a file, and how large it is",
    reason:
      "two of ours then tell missing, empty and cut off files apart; an original has closed that connection by then",
    where: {
      "originals-on-two-hosts as client 1": [found(5, 15), found(7, 5120), found(9, 0)],
      "get-missing-file as client 1": [missing(5), found(7, 15)],
      "get-unmodified-linux as client 1": [found(5, 15)],
      "probe-downloads-from-original as client 1": [
        found(3, 15),
        found(5, 5120),
        found(7, 0),
        found(9, 7),
        missing(11),
        missing(13)
      ],
      "no-fin-blocks-listener as client 1": [found(4, 15)],
      "fatal-messages as client 5": [missing(15)]
    }
  },
  {
    what: "gives no file that is not in its directory",
    reason: "the original serves what a path leads to",
    where: { "probe-downloads-from-original as client 1": ["12: \"outside the share\\n\" FIN -> FIN"] }
  },
  {
    what: "takes a request for whole after some silence, and sends the file where it was asked if it cannot dial back",
    reason: "the original waits for the end of the connection for ever, and serves nobody else",
    where: {
      "no-fin-blocks-listener as client 1": [
        "3: FIN -> \"\\u0000pyrate+ found 15\\n\\u0000pyrate+ here\\nhello from one\\n\\u0000pyrate+ digest "
        + "dd73b50391d69f97741f27753f417fb1db7e3b7d9388427f82d262f7f5111c74\\n\" FIN"
      ]
    }
  },
  {
    what: "tells which files it shares",
    reason: "the original dies of the question",
    where: {
      "list-between-originals as client 1": [`5: ${listed}`],
      "fatal-messages as client 6": [`18: ${listed}`]
    }
  },
  {
    what: "reads the list that it has asked for",
    reason: "the original ends the connection at once and resets what comes",
    where: { "client-against-probes as client 1": ["5: \"5:\" FIN RST -> \"5:\" FIN"] }
  },
  {
    what: "takes a file that comes over the connection of the request",
    reason: "a holder may have no other way; the original resets it",
    where: { "original-downloads-from-probe as client 3": ["13: \"4:wanted.txt\" FIN RST -> \"4:wanted.txt\" FIN"] }
  },
  {
    what: "gives its searches names by chance, and does not search itself",
    reason: "the original's names are 900 for each file, so that two people who search the same hinder each other; its "
      + "search of itself is the end of it",
    where: {
      "originals-on-two-hosts as client 2": [
        "11: \"6:one.txt124:one.txt:127.0.0.3:21168:10\" FIN -> \"6:ID:one.txt:127.0.0.3:21168:10\" FIN",
        "12: \"6:one.txt124:one.txt:127.0.0.3:21168:10\" FIN -> "
      ],
      "client-against-probes as client 1": [3, 4].map((number) =>
        `${number}: "6:Song.TXT578:Song.TXT:127.0.0.1:63339:10" FIN -> "6:ID:Song.TXT:127.0.0.1:63339:10" FIN`
      )
    }
  },
  {
    what: "takes a request only as it is written down: with a colon, and nothing but a number behind it",
    reason: "the original takes what begins with a number for that number and anything else for a registration",
    where: {
      "bootstrap-probes as bootstrap": [
        "8: \"127.0.0.5,5001\\n127.0.0.5,5002\\n127.0.0.6,5003\\n\" FIN -> FIN",
        "11: \"127.0.0.5,5001\\n127.0.0.5,5002\\n127.0.0.6,5003\\n\" FIN -> FIN",
        "19: \"127.0.0.7,5004\\n127.0.0.6,5003\\n127.0.0.7,5004\\n\" FIN -> FIN",
        "20: \"127.0.0.7,5004\\n127.0.0.6,5003\\n127.0.0.5,5001\\n\" FIN -> FIN",
        "21: \"127.0.0.6,5003\\n127.0.0.5,5001\\n127.0.0.5,5001\\n\" FIN -> FIN",
        "31: \"127.0.0.5,5001\\n127.0.0.6,5003\\n127.0.0.7,5004\\n127.0.0.8,5005\\n127.0.0.8,99999\\n127.0.0.9,-1\\n\" "
        + "FIN -> \"127.0.0.5,5001\\n127.0.0.6,5003\\n127.0.0.7,5004\\n\" FIN",
        "40: \"127.0.0.1,5010\\n127.0.0.8,99999\\n127.0.0.6,5003\\n\" RST -> FIN"
      ]
    }
  },
  {
    what: "chooses peers at random, none twice",
    reason: "the original names some twice and others never, and the same after each start",
    where: {
      "bootstrap-probes as bootstrap": [
        "13: \"127.0.0.5,5002\\n127.0.0.5,5002\\n\" FIN -> \"127.0.0.5,5002\\n127.0.0.6,5003\\n\" FIN",
        "16: \"127.0.0.5,5002\\n127.0.0.7,5004\\n127.0.0.5,5002\\n\" FIN -> "
        + "\"127.0.0.6,5003\\n127.0.0.7,5004\\n127.0.0.5,5001\\n\" FIN",
        "17: \"127.0.0.7,5004\\n127.0.0.6,5003\\n127.0.0.5,5001\\n\" FIN -> "
        + "\"127.0.0.7,5004\\n127.0.0.5,5001\\n127.0.0.5,5002\\n\" FIN",
        "18: \"127.0.0.5,5002\\n127.0.0.5,5002\\n127.0.0.6,5003\\n\" FIN -> "
        + "\"127.0.0.7,5004\\n127.0.0.5,5002\\n127.0.0.5,5001\\n\" FIN",
        "37: \"127.0.0.8,5005\\n127.0.0.5,5001\\n127.0.0.1,5000\\n\" FIN -> "
        + "\"127.0.0.6,5003\\n127.0.0.5,5001\\n127.0.0.7,5004\\n\" FIN"
      ]
    }
  },
  {
    what: "puts a request together that comes in parts",
    reason: "the original takes the first part for the whole, and resets what follows",
    where: {
      "bootstrap-probes as bootstrap": [
        "38: \"127.0.0.9,-1\\n127.0.0.1,-1\\n127.0.0.7,5004\\n\" FIN RST -> \"127.0.0.6,5003\\n\" FIN"
      ]
    }
  },
  {
    what: "answers at once",
    reason: "the recorded resets came while the original was still busy with the ones before",
    where: {
      "bootstrap-rst as bootstrap": [
        ...[3, 4, 5].map((number) => `${number}:  -> "127.0.0.5,5001\\n" FIN`),
        "6: \"127.0.0.5,5001\\n\" -> \"127.0.0.5,5001\\n\" FIN",
        "7:  -> \"127.0.0.5,5001\\n\" FIN"
      ]
    }
  },
  {
    what: "takes a registration for a sign of life",
    reason: "the original forgets who registers again in good time",
    where: {
      "bootstrap-expiry as bootstrap": [6, 7, 9].map((number) =>
        `${number}: "127.0.0.6,5002\\n" FIN -> "127.0.0.5,5001\\n127.0.0.6,5002\\n" FIN`
      )
    }
  }
]
