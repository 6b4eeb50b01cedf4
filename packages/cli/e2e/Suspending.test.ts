/** Ctrl-Z and back at a real terminal with a real shell; where there are none, this is passed over. */
import { assert } from "@effect/vitest"
import { processes } from "../test/Process.ts"
import { atTerminal, shell, terminal, typed } from "./AtTerminal.ts"

const { hosting, joining } = processes

const host = ["pyile", "host", "--listen", "127.0.0.1:0"] as const

for (
  const [how, line] of [
    ["by itself", typed(...host)],
    ["under npm run", `npm run -s peerage -- ${host.join(" ")}`]
  ] as const
) {
  terminal(`goes back to the shell at Ctrl-Z, and comes back with all that happened: ${how}`, function*() {
    const person = yield* shell
    yield* person.type(`${line}\r`)
    const [, address = ""] = yield* person.sees(/pyile join (127\.0\.0\.1:\d+)\r\n/)
    const member = yield* joining(address)
    yield* person.sees(/\+\S* \S+ joined/)
    // Nothing happens meanwhile.
    yield* person.type("\u001A")
    yield* person.sees(/Stopped/)
    yield* person.type("fg\r")
    yield* person.sees(/fg\r\n[^]*> /)
    yield* person.type("Here I am\r")
    yield* member.tells("Message", { data: "Here I am" })

    yield* person.type("half a line")
    yield* person.sees(/half a line/)
    yield* person.type("\u001A")
    yield* person.sees(/Stopped[^]*Stopped/)
    yield* person.type("stty -a | grep -o ' .icanon\\| icanon'; echo I am $((6 * 7))\r")
    yield* person.sees(/ icanon\r\n[^]*I am 42/)
    yield* member.type("Are you there?")
    yield* person.type("fg\r")
    yield* person.sees(/: Are you there\?\r\n/)
    yield* person.sees(/Are you there\?[^]*half a line/)
    yield* person.type(" and more\r")
    yield* member.tells("Message", { data: "half a line and more" })

    yield* person.type("\u0003")
    yield* member.tells("Closed")
    yield* person.type("echo Bye, $((6 * 7)); exit\r")
    yield* person.sees(/Bye, 42/)
    assert.strictEqual(yield* person.ends, 0)
  })
}

terminal("goes on at Ctrl-Z where there is no shell to go back to", function*() {
  const person = yield* atTerminal(...host, "--password", "secret")
  const [, address = ""] = yield* person.sees(/pyile join (127\.0\.0\.1:\d+)\r\n/)
  const member = yield* joining(address)
  yield* person.sees(/\+\S* \S+ joined/)
  yield* person.type("\u001Ahello\r")
  yield* member.tells("Message", { data: "hello" })
  yield* person.type("\u0003")
  assert.strictEqual(yield* person.ends, 0)
})

for (const signal of ["SIGTSTP", "SIGSTOP"] as const) {
  terminal(`has its keys again after a stop by ${signal}`, function*() {
    const person = yield* shell
    yield* person.type(`sh -c 'echo "It is $$."; exec "$@"' - ${typed(...host)}\r`)
    const [, pid] = yield* person.sees(/It is (\d+)\./)
    const [, address = ""] = yield* person.sees(/pyile join (127\.0\.0\.1:\d+)\r\n/)
    const member = yield* joining(address)
    yield* person.sees(/\+\S* \S+ joined/)
    process.kill(Number(pid), signal)
    yield* person.sees(/Stopped/)
    yield* person.type("fg\r")
    yield* person.sees(/fg\r\n[^]*> /)
    yield* person.type("hello\r")
    yield* member.tells("Message", { data: "hello" })
    yield* person.type("\u0003")
    yield* member.tells("Closed")
    yield* person.type("exit\r")
    assert.strictEqual(yield* person.ends, 0)
  })
}

terminal("goes back to the shell at Ctrl-Z while the password is asked for, and asks again", function*() {
  const network = yield* hosting()
  const person = yield* shell
  yield* person.type(`unset PEERAGE_PASSWORD; ${typed("pyile", "join", network.address)}\r`)
  yield* person.sees(/Password/)
  yield* person.type("sec\u001A")
  yield* person.sees(/Stopped/)
  yield* person.type("stty -a | grep -o ' .icanon\\| icanon'; echo I am $((6 * 7))\r")
  yield* person.sees(/ icanon\r\n[^]*I am 42/)
  yield* person.type("fg\r")
  yield* person.sees(/fg\r\n[^]*Password/)
  yield* person.type("ret\r")
  yield* person.sees(/You are in the network[^]*> /)
  yield* person.type("\u0003")
  yield* network.tells("Left")
  yield* person.type("exit\r")
  assert.strictEqual(yield* person.ends, 0)
})
