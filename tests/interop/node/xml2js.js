// xml2js as it is: every child a list, attributes under $, text under _.
'use strict';
const { parseStringPromise } = require('xml2js');

const parts = (x) => (typeof x === 'object' ? [x.$ || {}, x._] : [{}, x]);

async function read(bytes) {
    const { Event: event } = await parseStringPromise(bytes);
    const system = Object.entries(event.System[0]).flatMap(([name, list]) => (name === '$' ? [] : list.map((x) => [name, ...parts(x)])));
    const data = (((event.EventData || [])[0] || {}).Data || []).map(parts).map(([attributes, text]) => [attributes.Name, text]);
    return { system, data };
}

module.exports = { read };
