//! A Noise peer on snow. Hexadecimal lines come in, JSON lines go out.
//!
//!     noise-peer live ROLE SUITE PROLOGUE INTERVAL
//!         <--  {"event": "message", "hex": ...}      a handshake message, or a record
//!     HEX -->                                        the other's; each record is sent back, sealed anew
//!         <--  {"event": "established", "hash": ...}
//!
//!     noise-peer vectors SUITE PROLOGUE INTERVAL INITIATOR EPHEMERAL RESPONDER EPHEMERAL LENGTH...
//!         <--  {"event": "vectors", ...}             a whole session with these secrets

use snow::{Builder, HandshakeState, TransportState};
use std::io::{BufRead, Write};

const LONGEST: usize = 65535;

fn builder<'a>(suite: &str) -> Builder<'a> {
    Builder::new(format!("Noise_XX_25519_{suite}_SHA256").parse().expect("the protocol"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal")).collect()
}

fn tell(event: &str, fields: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{{\"event\":\"{event}\",{fields}}}").expect("standard output");
    out.flush().expect("standard output");
}

/// One direction's records, with a rekey after each interval.
struct Counter {
    records: u64,
    interval: u64,
}

impl Counter {
    fn new(interval: u64) -> Self {
        Counter { records: 0, interval }
    }
    fn is_full(&mut self) -> bool {
        self.records += 1;
        self.records % self.interval == 0
    }
}

struct Session {
    noise: TransportState,
    sent: Counter,
    received: Counter,
}

impl Session {
    fn new(handshake: HandshakeState, interval: u64) -> Self {
        let noise = handshake.into_transport_mode().expect("a finished handshake");
        Session { noise, sent: Counter::new(interval), received: Counter::new(interval) }
    }
    fn seal(&mut self, plain: &[u8]) -> Vec<u8> {
        let mut sealed = vec![0; LONGEST];
        let length = self.noise.write_message(plain, &mut sealed).expect("a record");
        if self.sent.is_full() {
            self.noise.rekey_outgoing();
        }
        sealed.truncate(length);
        sealed
    }
    fn open(&mut self, sealed: &[u8]) -> Vec<u8> {
        let mut plain = vec![0; LONGEST];
        let length = self.noise.read_message(sealed, &mut plain).expect("a record that opens");
        if self.received.is_full() {
            self.noise.rekey_incoming();
        }
        plain.truncate(length);
        plain
    }
}

fn write(handshake: &mut HandshakeState) -> Vec<u8> {
    let mut message = vec![0; LONGEST];
    let length = handshake.write_message(&[], &mut message).expect("a message");
    message.truncate(length);
    message
}

fn read(handshake: &mut HandshakeState, message: &[u8]) {
    let mut payload = vec![0; LONGEST];
    assert_eq!(handshake.read_message(message, &mut payload).expect("a message that opens"), 0);
}

fn live(arguments: &[String]) {
    let [role, suite, prologue, interval] = arguments else { panic!("live ROLE SUITE PROLOGUE INTERVAL") };
    let secret = builder(suite).generate_keypair().expect("a key pair").private;
    let prologue = bytes(prologue);
    let builder = builder(suite).local_private_key(&secret).expect("a secret").prologue(&prologue).expect("a prologue");
    let mut handshake = match role.as_str() {
        "initiator" => builder.build_initiator(),
        _ => builder.build_responder(),
    }
    .expect("a handshake");

    let mut lines = std::io::stdin().lock().lines();
    let mut next = || lines.next().map(|line| bytes(&line.expect("standard input")));
    while !handshake.is_handshake_finished() {
        if handshake.is_my_turn() {
            tell("message", &format!("\"hex\":\"{}\"", hex(&write(&mut handshake))));
        } else {
            read(&mut handshake, &next().expect("a message"));
        }
    }
    tell("established", &format!("\"hash\":\"{}\"", hex(handshake.get_handshake_hash())));
    let mut session = Session::new(handshake, interval.parse().expect("a number"));
    while let Some(sealed) = next() {
        let plain = session.open(&sealed);
        tell("message", &format!("\"hex\":\"{}\"", hex(&session.seal(&plain))));
    }
}

fn vectors(arguments: &[String]) {
    let secrets: Vec<Vec<u8>> = arguments[3..7].iter().map(|text| bytes(text)).collect();
    let prologue = bytes(&arguments[1]);
    let interval: u64 = arguments[2].parse().expect("a number");
    let end = |secret: usize| {
        builder(&arguments[0])
            .local_private_key(&secrets[secret])
            .expect("a secret")
            .fixed_ephemeral_key_for_testing_only(&secrets[secret + 1])
            .prologue(&prologue)
            .expect("a prologue")
    };
    let mut initiator = end(0).build_initiator().expect("a handshake");
    let mut responder = end(2).build_responder().expect("a handshake");
    let first = write(&mut initiator);
    read(&mut responder, &first);
    let second = write(&mut responder);
    read(&mut initiator, &second);
    let third = write(&mut initiator);
    read(&mut responder, &third);
    let hash = hex(initiator.get_handshake_hash());
    assert_eq!(hash, hex(responder.get_handshake_hash()));

    let mut ends = [Session::new(initiator, interval), Session::new(responder, interval)];
    let records: Vec<String> = arguments[7..]
        .iter()
        .enumerate()
        .map(|(number, length)| {
            let length: usize = length.parse().expect("a number");
            let plain: Vec<u8> = (0..length).map(|at| (number + at) as u8).collect();
            let sealed = ends[number % 2].seal(&plain);
            assert_eq!(ends[1 - number % 2].open(&sealed), plain);
            format!("\"{}\"", hex(&sealed))
        })
        .collect();
    let messages: Vec<String> = [first, second, third].iter().map(|message| format!("\"{}\"", hex(message))).collect();
    let (messages, records) = (messages.join(","), records.join(","));
    tell("vectors", &format!("\"messages\":[{messages}],\"hash\":\"{hash}\",\"records\":[{records}]"));
}

fn main() {
    // The first is the program's own name.
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("live") => live(&arguments[2..]),
        Some("vectors") => vectors(&arguments[2..]),
        _ => panic!("live or vectors"),
    }
}
