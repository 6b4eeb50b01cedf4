import { Transport } from "@peerage/transport"
import { type Format, FrameError, Framing, Link, LinkError } from "@peerage/wire"
import { Effect, Result, Schema } from "effect"
import * as NetAddress from "effect/net/NetAddress"

const lines: Framing.Framing<Framing.Partial> = {
  initial: Framing.empty,
  decode: (partial, chunk, limit) => {
    const frames: Array<Uint8Array> = []
    let state = partial
    let rest = chunk
    while (true) {
      const end = rest.indexOf(0x0a)
      const line = end === -1 ? rest : rest.subarray(0, end)
      const size = state.length + line.length
      if (size > limit) return { frames, state, error: new FrameError.FrameTooLarge({ limit, size }) }
      if (end === -1) return { frames, state: Framing.append(state, rest), error: undefined }
      frames.push(Framing.complete(state, line))
      state = Framing.empty
      rest = rest.subarray(end + 1)
    }
  },
  pending: (partial) => partial.length,
  encode: (payload) => new Uint8Array([...payload, 0x0a])
}

const format: Format.Format<Framing.Partial> = {
  framing: lines,
  limit: 4096,
  parse: (frame) =>
    Result.try({
      try: (): unknown => JSON.parse(new TextDecoder().decode(frame)),
      catch: () => new LinkError.MalformedMessage({ reason: "not JSON" })
    }),
  print: (value) => Result.succeed(new TextEncoder().encode(JSON.stringify(value)))
}

const Question = Schema.Struct({ question: Schema.String }).annotate({ identifier: "Question" })
const Answer = Schema.Struct({ answer: Schema.String }).annotate({ identifier: "Answer" })

/** Asks, and gives a silent peer up after 4 seconds. */
const initiate = Effect.fn("Dialogue.initiate")(function*(link: Link.Link, question: string) {
  yield* link.send(Question, { question })
  const { answer } = yield* link.receive(Answer, "4 seconds")
  return answer
})

/** Answers for ever, a batch at a time: what arrived together is answered in one write. */
const respond = (link: Link.Link) =>
  Effect.forever(
    Effect.flatMap(link.receiveAll(Question), (questions) =>
      link.sendAll(Answer, questions.map(({ question }) => ({ answer: question.toUpperCase() }))))
  )

/** One whole dialogue; leaving the scope closes the connection. */
export const ask = (address: NetAddress.InetAddress, question: string) =>
  Effect.scoped(Effect.gen(function*() {
    const transport = yield* Transport.Transport
    const link = yield* Link.dial(transport, address, { format })
    return yield* initiate(link, question)
  }))

/** Serves until it is interrupted. */
export const serve = (address: NetAddress.InetAddress) =>
  Effect.scoped(Effect.gen(function*() {
    const transport = yield* Transport.Transport
    const listener = yield* transport.listen(address)
    // A dialogue that fails is over: the link closes its connection.
    return yield* Link.serve(listener, { format, coalesce: true }, respond)
  }))
