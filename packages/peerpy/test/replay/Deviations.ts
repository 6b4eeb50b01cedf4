/**
 * Where our peer does otherwise than the original on purpose, each with its reason and every place where it shows. A
 * place reads `session as role`; what shows there is the difference behind the number of its connection, or "console"
 * for what the application is told. Whatever else differs in a replay is a defect, and so is a line here that a replay
 * does not show.
 */
import { Deviations, Recording } from "@peerage/testing"
import { messagesOf, sessions } from "./Recording.ts"

const { times } = Deviations

/** The HELLO of every original that said one. */
const helloes: Deviations.Deviation["where"] = Deviations.wherever(sessions, (connection, role) => {
  const [first] = Recording.sideOf(role, connection) === "opener" ? messagesOf(connection, "opener") : []
  return first?.header === undefined ? undefined : `${connection.number} extended ${first.header}`
})

const firstFrame = "DATA|data_size=16&data_type=bytes 00000000000000000000000000000000"

/** What the application of an original gets for a probe in a stream of 16 bytes: eight frames. */
const probeAsFrames = (peer: string) => [
  `console missing GOT ${peer}: 16 bytes 15149a99`,
  ...times(7, `console missing GOT ${peer}: 16 bytes 748f164d`)
]

/** The intended deviations. */
export const deviations: ReadonlyArray<Deviations.Deviation> = [
  {
    what: "says that it is one of ours when it asks for a connection",
    reason: "two of ours need none of what follows here; an original passes over a field that it does not know",
    where: helloes
  },
  {
    what: "resets an established connection to end it, a second after its last write",
    reason: "the original never notices a FIN: it spins on it and keeps the connection in its table",
    where: {
      "connect_json as bob": ["1 missing FIN", "1 extra RST"],
      "bytes as bob": ["1 missing FIN", "1 extra RST"],
      "raw as bob": ["1 missing FIN", "1 extra RST"],
      "strict_false as bob": ["1 missing FIN", "1 extra RST"],
      "large as bob 20013": ["1 missing FIN", "1 extra RST"],
      "large as bob 20015": ["2 late RST"],
      "large as bob 20017": ["3 late RST"],
      "stream as bob": ["1 missing FIN", "1 extra RST"],
      "stream_idle as bob": ["1 missing FIN", "1 extra RST"],
      "stream_both as bob": ["1 missing FIN", "1 extra RST"],
      "ping_probe as bob": ["1 missing FIN", "1 extra RST"],
      "close_by_connector as alice": ["1 missing FIN", "1 early RST"],
      "close_by_listener as bob": ["1 missing FIN", "1 early RST"],
      "close_force as alice": ["1 missing FIN", "1 early RST"],
      "stop as bob": ["1 missing FIN", "1 extra RST"],
      "max_connections as alice": ["1 missing FIN", "1 extra RST"],
      "connect_again as alice": ["1 missing FIN", "1 extra RST"],
      "connect_again as bob": ["2 missing FIN", "2 extra RST"]
    }
  },
  {
    what: "has closed a connection when it is told to",
    reason: "the original closes when its reader wakes up next, which may be in 2 s, and often says PING before",
    where: {
      "close_by_connector as alice": ["console early CLOSED 10.77.0.2:20027"],
      "close_by_listener as bob": ["console early CLOSED 10.77.0.1:20030"],
      "stop as bob": ["1 missing PING", "console early CLOSED 10.77.0.1:20034"],
      "connect_again as alice": ["console extra CLOSED 10.77.0.2:20038"]
    }
  },
  {
    what: "notices a FIN at once, tells its application, and ends its own side",
    reason: "the original tells nobody, spins until its program ends, and fails in the midst of its next message",
    where: {
      "connect_json as alice": ["console extra CLOSED 10.77.0.2:20001"],
      "bytes as alice": ["console extra CLOSED 10.77.0.2:20003"],
      "raw as alice": ["console extra CLOSED 10.77.0.2:20005"],
      "strict_false as alice": ["console extra CLOSED 10.77.0.2:20011"],
      "large as alice 20018": ["console extra CLOSED 10.77.0.2:20017"],
      "stream as alice": ["console extra CLOSED 10.77.0.2:20019"],
      "stream_idle as alice": ["console extra CLOSED 10.77.0.2:20021"],
      "stream_both as alice": ["console extra CLOSED 10.77.0.2:20023"],
      "ping_probe as alice": ["console extra CLOSED 10.77.0.2:20025"],
      "close_by_connector as bob": [
        "1 extra FIN",
        "1 missing DATA|data_size=16&data_type=json",
        "console extra CLOSED 10.77.0.1:20028"
      ],
      "close_by_listener as alice": [
        "1 extra FIN",
        "1 missing DATA|data_size=16&data_type=json",
        "console extra CLOSED 10.77.0.2:20029"
      ],
      "close_force as bob": [
        "1 extra FIN",
        "1 missing DATA|data_size=16&data_type=json",
        "console extra CLOSED 10.77.0.1:20032"
      ],
      "stop as alice": ["1 early FIN", "console extra CLOSED 10.77.0.2:20033"],
      "max_connections as bob": ["1 early FIN", "console extra CLOSED 10.77.0.1:20036"],
      "connect_again as alice": ["console late CLOSED 10.77.0.2:20038"],
      "connect_again as bob": ["1 early FIN", "console extra CLOSED 10.77.0.1:20039"],
      "connect_errors as bob": ["3 early FIN"]
    }
  },
  {
    what: "sends nothing within 100 ms of ACCEPT",
    reason: "what comes sooner may find an original listener without its handlers, and is lost",
    where: {
      "bytes as alice": ["1 late DATA|data_size=7&data_type=bytes 2easy4u"],
      "raw as alice": [
        "1 late DATA|data_size=22&data_type=raw 8004950b000000000000008c0732656173793475942e",
        "1 late DATA|data_size=4&data_type=raw 80044e2e"
      ],
      "stream_idle as alice": [`1 late ${firstFrame}`],
      "stream_both as alice": [`1 late ${firstFrame}`]
    }
  },
  {
    what: "probes when its patience ends, to the millisecond",
    reason: "both ends wait equally long, and the first probe spares the other's; the original's sleep takes a "
      + "millisecond or two longer, so that chance decides who is first",
    where: {
      "large as alice 20014": [...times(2, "1 early PING"), ...times(2, "1 extra PING")],
      "ping_probe as alice": ["1 extra PING"],
      "ping_probe as bob": ["1 early PING", ...times(2, "1 extra PING")],
      "stop as alice": ["1 extra PING"],
      "connect_again as alice": ["2 early PING", "2 extra PING"]
    }
  },
  {
    what: "never sends a probe into a stream",
    reason: "the original takes it for payload, and its application gets what nobody sent",
    where: {
      "stream_idle as alice": times(3, "1 missing PING"),
      "stream_both as alice": ["1 missing PING"]
    }
  },
  {
    what: "takes no probe in a stream for payload",
    reason: "the original's application gets eight frames of rubbish for each",
    where: {
      "stream_idle as bob": times(3, "").flatMap(() => probeAsFrames("10.77.0.1:20022")),
      "stream_both as bob": probeAsFrames("10.77.0.1:20024")
    }
  },
  {
    what: "does not lose the first answer on a stream",
    reason: "the original, which still waits for a header then, throws it away",
    where: { "stream_both as alice": ["console extra GOT 10.77.0.2:20023: 16 bytes 5ac6a594"] }
  },
  {
    what: "reads large payloads whole, and lives on",
    reason: "the original takes what one recv gives for a whole chunk: it takes the rest for headers, answers what it "
      + "cannot read with PING, and where a value is cut its reader dies",
    where: {
      "large as bob 20013": [...times(6, "1 late PING"), ...times(84, "1 missing PING")],
      "large as bob 20015": times(3, "2 extra PING"),
      "large as bob 20017": ["3 extra PING", "console extra GOT 10.77.0.1:20018: 1048578 characters 3c9578fd"]
    }
  },
  {
    what: "denies connections for which it has no room, at once",
    reason: "the original takes no connections at all then, so that others wait for their patience to end, and may be "
      + "accepted when they have long gone",
    where: { "max_connections as bob": ["2 extra DENY", "2 extra FIN", "2 missing RST"] }
  },
  {
    what: "dials nobody with what it cannot ask for",
    reason: "the original connects before it looks at what it was told, and goes without a word",
    where: { "connect_errors as alice": ["2 missing SYN", "2 missing FIN", "3 missing SYN", "3 missing FIN"] }
  }
]
