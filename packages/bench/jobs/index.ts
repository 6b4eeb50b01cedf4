/** All jobs, in the order in which they are run and shown. */
import type { Job } from "../src/Job.ts"
import * as AlternativesConversation from "./alternatives-conversation/Job.ts"
import * as AlternativesDials from "./alternatives-dials/Job.ts"
import * as AlternativesIdle from "./alternatives-idle/Job.ts"
import * as AlternativesOneWay from "./alternatives-oneway/Job.ts"
import * as AlternativesPingPong from "./alternatives-pingpong/Job.ts"
import * as ChatDirect from "./chat-direct/Job.ts"
import * as ChatPingPong from "./chat-pingpong/Job.ts"
import * as ChatRelay from "./chat-relay/Job.ts"
import * as Console from "./console/Job.ts"
import * as Fairness from "./fairness/Job.ts"
import * as Imports from "./imports/Job.ts"
import * as MemoryNetwork from "./memory-network/Job.ts"
import * as OriginalPeerPy from "./original-peerpy/Job.ts"
import * as OriginalPyileChat from "./original-pyile-chat/Job.ts"
import * as OriginalPyileJoins from "./original-pyile-joins/Job.ts"
import * as PeerPyBytes from "./peerpy-bytes/Job.ts"
import * as PeerPyJson from "./peerpy-json/Job.ts"
import * as PeerPyPingPong from "./peerpy-pingpong/Job.ts"
import * as PyileChange from "./pyile-change/Job.ts"
import * as PyileDistribution from "./pyile-distribution/Job.ts"
import * as PyileIdle from "./pyile-idle/Job.ts"
import * as PyileJoin from "./pyile-join/Job.ts"
import * as PyileMemory from "./pyile-memory/Job.ts"
import * as PyileReceived from "./pyile-received/Job.ts"
import * as PyileSent from "./pyile-sent/Job.ts"
import * as PyrateDownload from "./pyrate-download/Job.ts"
import * as SecureBulk from "./secure-bulk/Job.ts"
import * as SecureChat from "./secure-chat/Job.ts"
import * as SecureConnect from "./secure-connect/Job.ts"
import * as SecureIdle from "./secure-idle/Job.ts"
import * as SecureOneWay from "./secure-oneway/Job.ts"
import * as SecurePingPong from "./secure-pingpong/Job.ts"
import * as Simulation from "./simulation/Job.ts"
import * as Start from "./start/Job.ts"

export const jobs: ReadonlyArray<Job> = [
  PyileReceived.job,
  PyileSent.job,
  PyileJoin.job,
  PyileIdle.job,
  PyileChange.job,
  PyileDistribution.job,
  PyileMemory.job,
  PeerPyJson.job,
  PeerPyBytes.job,
  PeerPyPingPong.job,
  ChatDirect.job,
  ChatRelay.job,
  ChatPingPong.job,
  PyrateDownload.job,
  Fairness.job,
  MemoryNetwork.job,
  MemoryNetwork.rate,
  Simulation.speed,
  Simulation.crowd,
  Simulation.chaos,
  Console.pyile,
  Console.chat,
  Console.events,
  SecureConnect.job,
  SecureConnect.kept,
  SecureChat.job,
  SecurePingPong.job,
  SecureOneWay.job,
  SecureBulk.job,
  SecureIdle.job,
  SecureIdle.stream,
  Start.job,
  Imports.job,
  OriginalPyileChat.job,
  OriginalPyileJoins.job,
  OriginalPeerPy.job,
  AlternativesOneWay.job,
  AlternativesPingPong.job,
  AlternativesConversation.job,
  AlternativesDials.job,
  AlternativesIdle.job
]
