// The frame of every adapter in JavaScript: a document on standard input, its values as JSON on standard output; with
// --frames many of them, as "wevcorpus run --persistent" sends them.
// An adapter exports read(Buffer), or async, which gives {system: [[name, attributes, text]], data: [[name, text]]} and
// throws to refuse. Run: node adapter.js MODULE [--frames].
'use strict';

const KEYS = {
    'Provider Name': 'Provider', 'Provider Guid': 'Guid', 'TimeCreated SystemTime': 'TimeCreated', 'Correlation ActivityID': 'ActivityID',
    'Execution ProcessID': 'ProcessID', 'Execution ThreadID': 'ThreadID', 'Security UserID': 'UserID',
};
const TEXTS = new Set(['EventID', 'Version', 'Level', 'Task', 'Opcode', 'Keywords', 'EventRecordID', 'Channel', 'Computer']);

// JSON has no lone surrogates: what a parser made of one becomes U+FFFD, which no expected value has.
// A name with U+0000 cannot be told either: no reader of JSON need take it.
const whole = (x) => (typeof x === 'string' ? x.toWellFormed() : x);

function values({ system, data }) {
    const header = {}, fields = {};
    for (const [name, attributes, text] of system) {
        for (const [key, value] of Object.entries(attributes || {})) {
            if (KEYS[`${name} ${key}`]) { header[KEYS[`${name} ${key}`]] = whole(value); }
        }
        if (TEXTS.has(name)) { header[name] = whole(text ?? ''); }
    }
    for (const [name, text] of data) {
        if (name !== undefined && name !== null) { fields[whole(name).replaceAll('\0', '\ufffd')] = whole(text ?? ''); }
    }
    return { header, data: fields };
}

// The line of an accepted document; throws when it is refused.
async function one(read, bytes) {
    return JSON.stringify(values(await read(bytes)));
}

// Documents behind their length in decimal and LF; a line of answer to each.
async function frames(read) {
    let held = Buffer.alloc(0);
    for await (const chunk of process.stdin) {
        held = Buffer.concat([held, chunk]);
        for (;;) {
            const lf = held.indexOf(10), end = lf + 1 + (lf > 0 ? Number(held.toString('latin1', 0, lf)) : 0);
            if (lf < 1 || held.length < end) { break; }
            const line = await one(read, held.subarray(lf + 1, end)).catch((why) => `reject ${JSON.stringify(reason(why))}`);
            held = held.subarray(end);
            process.stdout.write(line + '\n');
        }
    }
}

const reason = (why) => String((why && why.message) || why).slice(0, 200);

async function main() {
    const { read } = require(`./${process.argv[2]}.js`);
    if (process.argv[3] === '--frames') { return frames(read); }
    const chunks = [];
    for await (const chunk of process.stdin) { chunks.push(chunk); }
    try {
        console.log(await one(read, Buffer.concat(chunks)));
    } catch (why) {
        console.error(reason(why));
        process.exitCode = 1;
    }
}

// What readers that report tags one by one share: feed it, then take .result().
class Collector {
    constructor() {
        Object.assign(this, { depth: 0, part: '', system: [], data: [], open: null });
    }
    start(name, attributes) {
        this.depth++;
        if (this.depth === 2) { this.part = name; }
        if (this.depth === 3) { this.open = [name, attributes, '']; }
    }
    text(s) {
        if (this.open) { this.open[2] += s; }
    }
    end() {
        if (this.depth === 3) {
            const [name, attributes, text] = this.open;
            if (this.part === 'System') { this.system.push(this.open); }
            if (this.part === 'EventData' && name === 'Data') { this.data.push([attributes.Name, text]); }
            this.open = null;
        }
        this.depth--;
    }
    result() {
        return { system: this.system, data: this.data };
    }
}

module.exports = { Collector };
if (require.main === module) { main(); }
