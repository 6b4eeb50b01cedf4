/** Lines that are typed wrong, each with parts of what is said on standard error: all mistakes of a line at once. */

/** The words after `peerage`, and what is said, with `|` between the parts. */
export const mistakes: ReadonlyArray<readonly [args: string, said: string]> = [
  [
    "pyile host --listen everywhere --chat-port 0 --attempts no --ban-for soon --advertise me --log-level LOUD",
    "--listen|--chat-port|--attempts|--ban-for|--advertise|--log-level|password"
  ],
  ["pyile join", "HOST[:PORT] is missing|a password is missing"],
  ["pyile join 192.0.2.1 --password x --dist-host host.example", "--dist-host takes IPv4 addresses with commas"],
  ["pyile host --lisen x", "no flag --lisen. Did you mean --listen?"],
  ["pyile hots", "no command \"hots\". Did you mean host?"],
  ["pyile host --listen", "--listen needs a value"],
  ["pyile host --password-file no/such/file", "--password-file: cannot read no/such/file"],
  ["pyile host --bans no/such/file --password x", "--bans takes a file in a folder that exists"],
  ["pyile host --password x --password-file y", "are two passwords|--password-file: cannot read y"],
  ["pyile join a b --password x", "nothing to do with \"b\""],
  ["pyile", "needs a command"],
  ["chat", "LOCAL_ADDRESS is missing"],
  ["chat 127.0.0.1:0 127.0.0.1:1 x", "nothing to do with \"x\""],
  [
    "chat localhost:5000 192.0.2.1 --desired-id 9223372036854775808 --log-level LOUD",
    "LOCAL_ADDRESS takes|PEER_ADDRESS takes|--desired-id takes|--log-level takes"
  ],
  ["chat --desired-id x", "LOCAL_ADDRESS is missing|--desired-id takes"],
  ["--completions tcsh", "--completions takes bash, zsh or fish, not \"tcsh\""],
  ["pyile host --password x --listen 127.0.0.1:1 --listen 127.0.0.1:2", "--listen is given more than once"],
  ["demo --log-level LOUD", "--log-level takes"],
  ["simulate split-brian", "no scenario \"split-brian\". Did you mean split-brain?"],
  ["simulate nothing", "no scenario \"nothing\". There are pyile, split-brain, "],
  ["simulate no/such/file", "cannot read the scenario no/such/file"],
  ["simulate pyile pyile", "nothing to do with \"pyile\""],
  ["simulate pyile --hosts 2", "--hosts takes a whole number from 3 with pyile, not \"2\""],
  ["simulate --hosts 0 --seed x --until soon --chart me --seeds 0", "--hosts|--seed|--until|--chart|--seeds"],
  ["simulate pyile --chart 4", "--chart takes two hosts or more"],
  ["simulate pyile --chart 1,30 --seeds 2", "--chart takes hosts from 1 to 20, not \"30\"|leave one out"],
  [
    "peerpy listen --listen x --offer maybe --max-connections 0 --timeout soon",
    "--listen|--offer takes accept, ask or deny|--max-connections|--timeout"
  ],
  [
    "peerpy connect 192.0.2.1 --type text --listen x --timeout 0s",
    "HOST:PORT|--type takes json, bytes or raw|--listen|--timeout"
  ],
  ["peerpy connect --type text", "HOST:PORT is missing|--type"],
  ["peerpy discover --interface eth0 --wait x", "--interface|--wait"],
  ["peerpy connect a:1 --no-strikt", "Did you mean --no-strict?"],
  ["peerpy connect a:1 b:1", "nothing to do with \"b:1\""],
  ["peerpy lisen", "Did you mean listen?"],
  ["peerpy", "needs a command"],
  ["pyrate bootstrap --listen everywhere --expiry soon", "--listen takes|--expiry takes"],
  ["pyrate share", "DIR is missing|--bootstrap is missing"],
  [
    "pyrate share no-such-folder --bootstrap a_b! --advertise me --workers 0 --keepalive x",
    "DIR takes a folder that exists|--bootstrap takes|--advertise takes|--workers takes|--keepalive takes"
  ],
  ["pyrate share . --bootstrap 127.0.0.1:1 --log-file no/such/file", "--log-file takes a file in a folder"],
  ["pyrate list", "HOST:PORT is missing"],
  ["pyrate list 127.0.0.1", "HOST:PORT takes"],
  ["pyrate get 127.0.0.1:79422 ../x --to no-such-folder", "HOST:PORT takes|NAME takes|--to takes"],
  ["pyrate get 127.0.0.1:1", "NAME is missing"],
  ["pyrate search a:b --ttl 11 --wait -1", "NAME takes|--bootstrap is missing|--ttl takes"]
]
