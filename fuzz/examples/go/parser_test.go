// go test -fuzz: its seeds are testdata/fuzz/FuzzEvent, which ../seeds-go.sh writes from corpus/seeds. In this folder:
//   sh ../seeds-go.sh ../../../corpus/seeds testdata/fuzz/FuzzEvent && go test -fuzz FuzzEvent -fuzztime 10s
package example

import (
	"encoding/xml"
	"testing"
)

func parse(data []byte) error {
	var event struct {
		System struct {
			EventID string `xml:"EventID"`
		} `xml:"System"`
	}
	return xml.Unmarshal(data, &event)
}

func FuzzEvent(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		parse(data) // a panic is a find
	})
}
