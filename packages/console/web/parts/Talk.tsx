/** The open conversation. Stays at its end while messages come, unless somebody has scrolled up. */
import { useSignal } from "@preact/signals"
import type { Said } from "../../src/api/Frame.ts"
import { about, call } from "../link.ts"
import { writing } from "../state/asking.ts"
import { memberById, said, takeHistory, whole } from "../state/room.ts"
import { chosen, say } from "../state/view.ts"
import { useStick } from "../stick.ts"
import { Avatar } from "./Avatar.tsx"
import { Composer } from "./Composer.tsx"
import { Message } from "./Message.tsx"
import { News } from "./News.tsx"
import { Welcome } from "./Welcome.tsx"

/** How many messages are drawn at first; scrolling up draws more. */
const page = 150

const nameOf = (id: string): string => id === "" ? "Everybody" : memberById.value.get(id)?.name ?? id

const Heading = () => {
  const id = chosen.value
  const member = memberById.value.get(id)
  const detail = id === "" ? "what was said to all" : member?.detail ?? ""
  return (
    <header>
      <Avatar id={id} name={nameOf(id)} />
      <h2 id="talk-title">
        <bdi>{nameOf(id)}</bdi>
      </h2>
      {detail !== nameOf(id) && <span class="detail">{id === "" ? detail : <code>{detail}</code>}</span>}
    </header>
  )
}

const Empty = () => {
  const id = chosen.value
  if (writing(id) === undefined) {
    return (
      <li class="empty">
        <p>Nothing came yet.</p>
      </li>
    )
  }
  return (
    <li class="empty">
      <strong>Nothing said yet.</strong>
      <p>What you write goes to {id === "" ? "all members" : nameOf(id)}.</p>
    </li>
  )
}

const earlier = (conversation: string, before: number | undefined) =>
  call((calls) => calls.History(before === undefined ? { conversation } : { conversation, before })).then((outcome) => {
    if (outcome._tag === "Done") takeHistory(conversation, outcome.value)
    else say(outcome.message, true)
  })

/** The button that brings what was said before, until all of it is here. */
const Earlier = ({ onClick }: { readonly onClick: () => void }) => (
  <li class="earlier">
    <button type="button" class="small" onClick={onClick}>Earlier messages</button>
  </li>
)

const Messages = ({ conversation, messages }: {
  readonly conversation: string
  readonly messages: ReadonlyArray<Said>
}) => {
  const last = messages.at(-1)
  const { box, left, onScroll, toEnd } = useStick(last?.n, last?.own)
  const drawn = useSignal(page)
  const shown = messages.slice(-drawn.value)
  const bound = left.value
  const news = bound === undefined ? 0 : messages.filter(({ n, own }) => n > bound && !own).length
  const isWhole = shown.length === messages.length && whole.value.has(conversation)
  const more = () => {
    if (shown.length < messages.length) drawn.value += page
    else void earlier(conversation, messages[0]?.n)
  }
  return (
    <div class="following">
      <div class="scroll messages" ref={box} role="log" aria-label="Messages" tabIndex={0} onScroll={onScroll}>
        <ol role="list">
          {!isWhole && messages.length > 0 && <Earlier onClick={more} />}
          {messages.length === 0 && <Empty />}
          {shown.map((message, index) => <Message key={message.n} message={message} before={shown[index - 1]} />)}
        </ol>
      </div>
      <News count={news} toEnd={toEnd} />
    </div>
  )
}

/** True at a peer that others can join, and that nobody has joined. */
const isAlone = () => about.value?.invite !== undefined && memberById.value.size === 0

/** What stands here until somebody is chosen, where nothing is said to everybody. */
const Unchosen = () => (
  <section class="talk" aria-labelledby="talk-title">
    <header>
      <h2 id="talk-title">{about.value?.talk}</h2>
    </header>
    {isAlone() ? <Welcome /> : <p class="empty">Choose somebody to see what was said, and to write to them.</p>}
  </section>
)

/** The open conversation, with its input. */
export const Talk = () => {
  const conversation = chosen.value
  const messages = said.value.get(conversation) ?? []
  if (conversation === "" && about.value?.everybody !== true) return <Unchosen />
  return (
    <section class="talk" aria-labelledby="talk-title">
      <Heading />
      {messages.length === 0 && conversation === "" && isAlone()
        ? <Welcome />
        : <Messages key={conversation} conversation={conversation} messages={messages} />}
      <Composer conversation={conversation} name={nameOf(conversation)} />
    </section>
  )
}
