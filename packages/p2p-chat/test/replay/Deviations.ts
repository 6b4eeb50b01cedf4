/**
 * Where our peer does otherwise than the original on purpose, each with its reason and every place where it shows. A
 * place reads `session as role`; what shows there is the difference behind the number of its connection, or "console".
 * Whatever else differs in a replay is a defect, and so is a line here that a replay does not show.
 */
import { Deviations, Recording } from "@peerage/testing"
import { sessions } from "./Recording.ts"
import * as Words from "./Words.ts"

/** The START of every original that asked to join; one of them sent no whole one. */
const starts: Deviations.Deviation["where"] = Deviations.wherever(sessions, ({ happenings, number }, role) => {
  const [first] = Words.framesIn(Recording.segmentsOf(happenings, "opener"))
  return number === role.joinedWith && first !== undefined && Words.isFrame(first.bytes)
    ? `${number} extended START ${role.id}`
    : undefined
})

/** The intended deviations. */
export const deviations: ReadonlyArray<Deviations.Deviation> = [
  {
    what: "says that it is one of ours when it asks to join",
    reason: "two of ours have more to tell each other; an original passes over a field that it does not know",
    where: starts
  },
  {
    what: "writes a frame's header and body together",
    reason: "an original that is refused between the two has sent half a frame, and any receiver has to re-assemble it",
    where: { "connection-limit as 22": ["12 missing PART 00000006", "12 extra START 22, extension 1", "12 extra FIN"] }
  },
  {
    what: "does not begin under an id that no peer can have",
    reason:
      "the original connects first, finds that the id does not fit its field, and goes without a word, which costs "
      + "the other one of its ten places",
    where: {
      "joiner-against-probe as 9223372036854775808": ["7 missing SYN", "7 missing FIN"],
      "arguments as 9223372036854775808": ["2 missing SYN"]
    }
  },
  {
    what: "tells its neighbours of joins and leaves that it only heard of",
    reason: "the original tells of its own joiners alone, so that nobody knows of later joins more than two hops away",
    where: {
      "chain as A": ["1 extra JOIN 12 via 10", "1 extra LEAVE 12", "4 extra LEAVE 12"],
      "chain as B": ["3 extra JOIN 14 via 11"],
      "via-node-dies as A": ["1 extra JOIN 12 via 10"],
      "via-node-dies as B": ["3 extra JOIN 15 via 11"],
      "upstream-dies as A": ["1 extra JOIN 12 via 10"],
      "probe-to-server-2 as A": [
        "1 extra JOIN 77 via 10",
        "1 extra JOIN 78 via 10",
        "5 extra JOIN 77 via 10",
        "5 extra JOIN 78 via 10"
      ]
    }
  },
  {
    what: "takes back everybody who was reached through a neighbour that is gone",
    reason: "the original takes back the neighbour alone, or where that is the peer it joined nobody at all; what the "
      + "others send to those behind it is lost to them",
    where: {
      "via-node-dies as A": ["1 extra LEAVE 12", "4 extra LEAVE 12"],
      "upstream-dies as B": ["3 extra LEAVE 10", "3 extra LEAVE 18"]
    }
  },
  {
    what: "takes back a neighbour that reset its connection",
    reason: "nobody is listed who is gone; the original was ended 2 ms after the reset, before it came to that",
    where: { "store-and-forward as A": ["1 extra LEAVE 77", "3 extra LEAVE 77"] }
  },
  {
    what: "goes on with a neighbour that sends text for somebody whose next hop is gone, and takes joiners as before",
    reason: "the original follows its table into an entry that is not there: it drops the sender, and once that "
      + "happens to a line of its own, serves nobody new",
    where: {
      "via-node-dies as A": [
        "1 missing LEAVE 15",
        "4 late FIN",
        "5 missing RST",
        "5 extra RESPONSE 10",
        "5 extra JOIN 14 via 10",
        "5 extra JOIN 15 via 10",
        "1 extra JOIN 55 via 10",
        "4 extra JOIN 55 via 10",
        "1 extra LEAVE 55",
        "4 extra LEAVE 55",
        "5 extra FIN"
      ],
      "upstream-dies as B": ["3 missing FIN"]
    }
  },
  {
    what: "takes ten joiners at once, however many were there before",
    reason: "the original counts connections for ever, those that it refused too, and closes the eleventh unread",
    where: {
      "connection-limit as A": [
        "11 missing RST",
        "11 extra RESPONSE 10",
        "11 extra JOIN 20 via 10",
        "10 extra JOIN 21 via 10",
        "10 extra LEAVE 21",
        "11 extra FIN",
        "12 missing RST"
      ]
    }
  },
  {
    what: "ends a connection after refusing its id",
    reason: "the original goes on reading: it delivers and passes on what a stranger says in anybody's name",
    where: {
      "probe-to-server as A": [
        "5 early FIN",
        "5 extra RST",
        "1 missing MESSAGE from 10 to 11: forged sender, relayed",
        "console missing MESSAGE from 666 to 10: sent after a rejected handshake"
      ]
    }
  },
  {
    what: "re-assembles frames that come in parts",
    reason: "the original takes what one recv gives for all there is, and closes the connection, or loses its place",
    where: {
      "probe-to-server as A": [3, 4].flatMap((connection) => [
        `${connection} extra RESPONSE 10`,
        `${connection} extra JOIN 11 via 10`,
        "1 extra JOIN 31 via 10",
        "1 extra LEAVE 31",
        `${connection} late FIN`,
        `${connection} missing RST`
      ])
    }
  },
  {
    what: "refuses the id 0 and negative ones, and ends the connection",
    reason: "an original can serve or be served by such a peer only in part, and 0 breaks it for good",
    where: {
      "probe-to-server-2 as A": [
        "2 missing RESPONSE 10",
        "2 missing JOIN 11 via 10",
        "2 missing MESSAGE from 11 to -5: to a negative id",
        "2 extra RESPONSE error",
        "2 early FIN",
        "1 missing JOIN -5 via 10",
        "1 missing LEAVE -5"
      ],
      "id-zero as A": [
        "2 missing RESPONSE 10",
        "2 missing JOIN 11 via 10",
        "2 extra RESPONSE error",
        "2 early FIN",
        "1 missing JOIN 0 via 10",
        "3 missing JOIN 0 via 10"
      ]
    }
  },
  {
    what: "therefore serves who joins after a peer that asked for id 0",
    reason: "the original tells the one that is gone of the newcomer, which fails: it takes the newcomer back, and "
      + "leaves its connection open and unread",
    where: { "id-zero as A": ["1 late LEAVE 50", "3 early FIN"] }
  },
  {
    what: "sends nothing to the id 0",
    reason: "an original that is to pass it on drops its sender",
    where: { "id-zero as 11": ["1 missing MESSAGE from 11 to 0: to the ghost"] }
  },
  {
    what: "lets nobody take a neighbour's id with a JOIN",
    reason: "the original sends what was for the neighbour to whoever announced its id last, and tells the neighbour "
      + "nothing any more",
    where: {
      "probe-to-server-2 as A": [
        "6 missing MESSAGE from 10 to 11: hijacked?",
        "1 extra MESSAGE from 10 to 11: hijacked?",
        "1 extra JOIN 43 via 10",
        "1 extra LEAVE 43"
      ]
    }
  },
  {
    what: "never sends a message back to where it came from, but keeps it",
    reason: "two peers that name each other as the way would pass it to and fro for ever",
    where: {
      "joiner-against-probe as 305883746612086272": ["8 missing MESSAGE from 71 to 71: bounce?"]
    }
  },
  {
    what: "goes on with a neighbour that sends text for somebody whom it announced itself by way of nobody",
    reason: "the way to whom a neighbour announced leads to that neighbour, whatever it says; the original looks the "
      + "named one up, finds none, and drops the sender",
    where: {
      "probe-to-server-2 as A": ["6 extra JOIN 43 via 10", "6 extra LEAVE 43", "7 extra JOIN 42 via 10", "6 late FIN"]
    }
  },
  {
    what: "goes on with a neighbour that takes back somebody unknown",
    reason: "it says nothing new; the original drops the neighbour",
    where: {
      "probe-to-server-2 as A": [
        "1 missing LEAVE 41",
        "5 extra JOIN 42 via 10",
        "6 extra JOIN 41 via 10",
        "5 extra JOIN 43 via 10",
        "7 extra JOIN 41 via 10",
        "5 extra LEAVE 43",
        "5 late FIN"
      ]
    }
  },
  {
    what: "ends a connection at the header of a frame that is too large, before the frame is there",
    reason: "nothing of it needs to be held; the original reads what there is of it before it gives up. Both reset "
      + "what still comes",
    where: { "probe-to-server-2 as A": ["4 extra FIN"] }
  },
  {
    what: "leaves at once",
    reason: "the original closes its connections but waits for one more, which it accepts and closes, before it ends",
    where: {
      "pair as B": ["2 missing FIN", "2 extra RST"],
      "shutdown as A": ["2 missing FIN", "2 extra RST"]
    }
  }
]
