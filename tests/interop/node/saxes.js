// saxes, the strict one of jsdom, with namespaces.
'use strict';
const { SaxesParser } = require('saxes');
const { Collector } = require('./adapter.js');

function read(bytes) {
    const out = new Collector(), parser = new SaxesParser({ xmlns: true });
    parser.on('error', (why) => { throw why; });
    parser.on('opentag', (tag) => out.start(tag.local, Object.fromEntries(Object.values(tag.attributes).map((a) => [a.name, a.value]))));
    parser.on('text', (s) => out.text(s));
    parser.on('cdata', (s) => out.text(s));
    parser.on('closetag', () => out.end());
    parser.write(bytes.toString()).close();
    return out.result();
}

module.exports = { read };
