// fast-xml-parser with attributes and without guesses of types. By default it does not check well-formedness.
'use strict';
const { XMLParser } = require('fast-xml-parser');

const many = (x) => (x === undefined || x === '' ? [] : Array.isArray(x) ? x : [x]);
const parts = (x) => (typeof x === 'object' && x !== null
    ? [Object.fromEntries(Object.entries(x).filter(([k]) => k.startsWith('@_')).map(([k, v]) => [k.slice(2), v])), x['#text']]
    : [{}, x]);

function read(bytes, validate = false) {
    const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false });
    const event = parser.parse(bytes.toString(), validate).Event;
    const system = Object.entries(event.System || {}).flatMap(([name, x]) => many(x).map((one) => [name, ...parts(one)]));
    const data = many((event.EventData || {}).Data).map(parts).map(([attributes, text]) => [attributes.Name, text]);
    return { system, data };
}

module.exports = { read };
