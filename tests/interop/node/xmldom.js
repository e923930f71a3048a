// @xmldom/xmldom with its default error handling, and textContent.
'use strict';
const { DOMParser } = require('@xmldom/xmldom');

const elements = (node) => Array.from(node.childNodes).filter((e) => e.nodeType === 1);

function read(bytes) {
    const quiet = (level, message) => { if (level === 'fatalError') { throw new Error(message); } };
    const event = new DOMParser({ onError: quiet }).parseFromString(bytes.toString(), 'text/xml').documentElement;
    const system = [], data = [];
    for (const part of elements(event)) {
        for (const e of elements(part)) {
            const attributes = Object.fromEntries(Array.from(e.attributes).map((a) => [a.name, a.value]));
            if (part.localName === 'System') { system.push([e.localName, attributes, e.textContent]); }
            if (part.localName === 'EventData' && e.localName === 'Data') { data.push([attributes.Name, e.textContent]); }
        }
    }
    return { system, data };
}

module.exports = { read };
