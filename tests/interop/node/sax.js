// sax in strict mode with namespaces, tag by tag.
'use strict';
const sax = require('sax');
const { Collector } = require('./adapter.js');

function read(bytes) {
    const out = new Collector(), parser = sax.parser(true, { xmlns: true });
    parser.onerror = (why) => { throw why; };
    parser.onopentag = (tag) => out.start(tag.local, Object.fromEntries(Object.values(tag.attributes).map((a) => [a.name, a.value])));
    parser.ontext = parser.oncdata = (s) => out.text(s);
    parser.onclosetag = () => out.end();
    parser.write(bytes.toString()).close();
    return out.result();
}

module.exports = { read };
