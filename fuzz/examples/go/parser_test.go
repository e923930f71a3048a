// go test -fuzz: its seeds are testdata/fuzz/FuzzEvent, which ../seeds-go.sh writes from corpus/seeds. In this folder:
//
//	sh ../seeds-go.sh ../../../corpus/seeds testdata/fuzz/FuzzEvent && go test -fuzz FuzzEvent -fuzztime 10s
package example

import (
	"bytes"
	"strconv"
	"testing"
)

// Stands for your parser: it takes what is between the tags for a number.
func parse(data []byte) uint64 {
	_, rest, _ := bytes.Cut(data, []byte("<EventRecordID>"))
	text, _, closed := bytes.Cut(rest, []byte("</EventRecordID>"))
	if !closed {
		return 0
	}
	record, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil {
		panic("a record id: " + err.Error())
	}
	return record
}

func FuzzEvent(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		parse(data) // a panic is a find
	})
}
