// libxml2-wasm: libxml2 compiled to WebAssembly.
'use strict';

async function read(bytes) {
    const { XmlDocument } = await import('libxml2-wasm');
    const doc = XmlDocument.fromBuffer(bytes);
    try {
        const system = [], data = [], name = (e) => e.name.replace(/^.*:/, '');
        for (const e of doc.find("/*/*[local-name()='System']/*")) {
            system.push([name(e), Object.fromEntries(e.attrs.map((a) => [a.name, a.value])), e.content]);
        }
        for (const e of doc.find("/*/*[local-name()='EventData']/*[local-name()='Data']")) { data.push([(e.attr('Name') || {}).value, e.content]); }
        return { system, data };
    } finally {
        doc.dispose();
    }
}

module.exports = { read };
