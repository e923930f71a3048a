// beevik/etree: encoding/xml as a tree, with Text(), which ends at the first comment.
package main

import (
	"errors"

	"github.com/beevik/etree"

	"wevgen/interop/adapter"
)

func read(document []byte) (*adapter.Values, error) {
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(document); err != nil {
		return nil, err
	}
	event := doc.Root()
	if event == nil {
		return nil, errors.New("no root element")
	}
	v := adapter.New()
	for _, e := range event.FindElements("System/*") {
		for _, a := range e.Attr {
			v.Attribute(e.Tag, a.Key, a.Value)
		}
		v.System(e.Tag, e.Text())
	}
	for _, e := range event.FindElements("EventData/Data") {
		v.Data[e.SelectAttrValue("Name", "")] = e.Text()
	}
	return v, nil
}

func main() { adapter.Main(read) }
