// encoding/xml by itself: Unmarshal into strings.
package main

import (
	"encoding/xml"

	"wevgen/interop/adapter"
)

type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Nodes   []node     `xml:",any"`
}

func read(document []byte) (*adapter.Values, error) {
	var event node
	if err := xml.Unmarshal(document, &event); err != nil {
		return nil, err
	}
	v := adapter.New()
	for _, part := range event.Nodes {
		for _, e := range part.Nodes {
			for _, a := range e.Attrs {
				if part.XMLName.Local == "System" {
					v.Attribute(e.XMLName.Local, a.Name.Local, a.Value)
				} else if part.XMLName.Local == "EventData" && e.XMLName.Local == "Data" && a.Name.Local == "Name" {
					v.Data[a.Value] = e.Text
				}
			}
			if part.XMLName.Local == "System" {
				v.System(e.XMLName.Local, e.Text)
			}
		}
	}
	return v, nil
}

func main() { adapter.Main(read) }
