// antchfx/xmlquery: encoding/xml behind XPath.
package main

import (
	"bytes"

	"github.com/antchfx/xmlquery"

	"wevgen/interop/adapter"
)

func read(document []byte) (*adapter.Values, error) {
	doc, err := xmlquery.Parse(bytes.NewReader(document))
	if err != nil {
		return nil, err
	}
	v := adapter.New()
	for _, e := range xmlquery.Find(doc, "/*/*[local-name()='System']/*") {
		for _, a := range e.Attr {
			v.Attribute(e.Data, a.Name.Local, a.Value)
		}
		v.System(e.Data, e.InnerText())
	}
	for _, e := range xmlquery.Find(doc, "/*/*[local-name()='EventData']/*[local-name()='Data']") {
		v.Data[e.SelectAttr("Name")] = e.InnerText()
	}
	return v, nil
}

func main() { adapter.Main(read) }
