// fast-xml-parser behind its own XMLValidator.
'use strict';
const { read } = require('./fast_xml_parser.js');

module.exports = { read: (bytes) => read(bytes, true) };
